import type { Metadata, Viewport } from 'next'
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { ReactNode } from 'react'
import { ThemeProvider } from '@/features/shell/theme'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Clawbernetes', template: '%s · Clawbernetes' },
  description: 'The place where people who own GPUs talk to their fleet.',
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  // The composer must stay above the on-screen keyboard.
  interactiveWidget: 'resizes-content',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#F6F8FA' },
    { media: '(prefers-color-scheme: dark)', color: '#121922' },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body>
        <ThemeProvider>{children}</ThemeProvider>
      </body>
    </html>
  )
}
