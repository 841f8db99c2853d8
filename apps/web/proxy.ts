import { NextResponse, type NextRequest } from 'next/server'

/** Tells server components which address was asked for, so that the login page can bring people back to it. */
export function proxy(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers)
  headers.set('x-pathname', request.nextUrl.pathname + request.nextUrl.search)
  return NextResponse.next({ request: { headers } })
}

export const config = { matcher: ['/((?!api|_next|realtime|favicon).*)'] }
