'use client'
import Link from 'next/link'
import { useState, type FormEvent } from 'react'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { formText } from '@/ui/form-text'
import { renameOrganization, signUp } from './auth-requests'
import { PasswordField } from './password-field'
import { safeReturnPath } from './return-path'

/** Makes the account; its first organisation comes with it and takes the name given here. */
export function SignUpForm({ next }: { next: string | null }) {
  const [error, setError] = useState<string | null>(null)
  const [pending, setPending] = useState(false)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => formText(form, name).trim()
    setPending(true)
    setError(null)
    const account = await signUp({ name: text('name'), email: text('email'), password: formText(form, 'password') })
    if (!account.ok) {
      setPending(false)
      setError(account.message)
      return
    }
    // Without a name, or if naming fails, it keeps the one it was made with; Settings can change it.
    if (text('organization')) await renameOrganization(text('organization'))
    window.location.assign(safeReturnPath(next, '/welcome'))
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <h1 className="text-xl font-semibold">Create an account</h1>
      <TextField label="Your name" name="name" autoComplete="name" required maxLength={80} />
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
      <PasswordField autoComplete="new-password" minLength={10} hint="At least 10 characters." />
      <TextField
        label="Organisation (optional)"
        name="organization"
        autoComplete="organization"
        maxLength={60}
        hint="Your team or company. Colleagues are invited into it."
      />
      <p role="alert" className="text-crit empty:hidden">
        {error}
      </p>
      <Button type="submit" variant="primary" size="lg" pending={pending}>
        Create account
      </Button>
      <p className="text-muted">
        Have an account?{' '}
        <Link className="link" href="/login">
          Sign in
        </Link>
      </p>
    </form>
  )
}
