import type { ReactNode } from 'react'
import { Logo } from '@/features/shell/logo'

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh place-items-center bg-surface p-4">
      <main className="panel w-full max-w-[400px] p-6 max-desk:p-4">
        <p className="mb-5 flex items-center gap-2 text-md font-semibold">
          <Logo className="size-6" />
          Clawbernetes
        </p>
        {children}
      </main>
    </div>
  )
}
