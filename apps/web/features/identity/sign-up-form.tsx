'use client'
import Link from 'next/link'
import { useState, type FormEvent } from 'react'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { createOrganization, signUp } from './auth-requests'
import { PasswordField } from './password-field'

/** Makes the account and its first organisation. If the second half fails, the form stays and repeats only that half. */
export function SignUpForm() {
  const [error, setError] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  const [accountMade, setAccountMade] = useState(false)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    setPending(true)
    setError(null)
    if (!accountMade) {
      const account = await signUp({ name: text('name'), email: text('email'), password: String(form.get('password')) })
      if (!account.ok) {
        setPending(false)
        setError(account.message)
        return
      }
      setAccountMade(true)
    }
    const organization = await createOrganization(text('organization'))
    if (!organization.ok) {
      setPending(false)
      setError(`Your account is made, but the organisation is not yet. ${organization.message}`)
      return
    }
    window.location.assign('/welcome')
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <h1 className="text-xl font-semibold">Create an account</h1>
      <TextField label="Your name" name="name" autoComplete="name" required maxLength={80} disabled={accountMade} />
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required disabled={accountMade} />
      {accountMade ? null : <PasswordField autoComplete="new-password" minLength={8} hint="At least 8 characters." />}
      <TextField
        label="Organisation"
        name="organization"
        autoComplete="organization"
        required
        maxLength={60}
        hint="Your team or company; colleagues are invited into it."
      />
      <p role="alert" className="text-crit empty:hidden">
        {error}
      </p>
      <Button type="submit" variant="primary" size="lg" pending={pending}>
        {accountMade ? 'Create organisation' : 'Create account'}
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
