import Link from 'next/link'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-3 p-6">
      <h1 className="text-xl font-semibold">There is nothing at this address</h1>
      <p className="text-muted">It may have been removed, or it belongs to another organisation.</p>
      <p>
        <Link href="/fleet" className="link">
          Open the fleet
        </Link>
      </p>
    </main>
  )
}
