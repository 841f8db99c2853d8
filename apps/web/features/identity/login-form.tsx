'use client'
import Link from 'next/link'
import { useState, type FormEvent } from 'react'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { formText } from '@/ui/form-text'
import { signIn } from './auth-requests'
import { PasswordField } from './password-field'
import { safeReturnPath } from './return-path'

export function LoginForm({ next, demo }: { next: string | null; demo: { email: string; password: string } | null }) {
  const [error, setError] = useState<string | null>(null)
  const [pending, setPending] = useState(false)

  const enter = async (input: { email: string; password: string }) => {
    setPending(true)
    setError(null)
    const result = await signIn(input)
    if (result.ok) {
      // A full load, so that the first page is drawn by the server for the new session.
      window.location.assign(safeReturnPath(next))
      return
    }
    setPending(false)
    setError(result.message)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    void enter({ email: formText(form, 'email').trim(), password: formText(form, 'password') })
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <h1 className="text-xl font-semibold">Sign in</h1>
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
      <PasswordField autoComplete="current-password" />
      <p role="alert" className="text-crit empty:hidden">
        {error}
      </p>
      <Button type="submit" variant="primary" size="lg" pending={pending}>
        Sign in
      </Button>
      {demo ? (
        <Button size="lg" onClick={() => void enter(demo)} pending={pending}>
          Sign in to the demo
        </Button>
      ) : null}
      <p className="text-muted">
        New here?{' '}
        <Link className="link" href={next ? `/sign-up?next=${encodeURIComponent(next)}` : '/sign-up'}>
          Create an account
        </Link>
      </p>
    </form>
  )
}
