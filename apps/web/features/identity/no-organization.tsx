'use client'
import { useState, type FormEvent } from 'react'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { formText } from '@/ui/form-text'
import { createOrganization, signOut } from './auth-requests'

/** For a person whose last membership ended: what happened, and the two ways on. */
export function NoOrganization({ name, email }: { name: string; email: string }) {
  const [error, setError] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  const create = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setPending(true)
    const result = await createOrganization(formText(new FormData(event.currentTarget), 'organization').trim())
    if (result.ok) return window.location.assign('/welcome')
    setPending(false)
    setError(result.message)
  }
  return (
    <form onSubmit={(event) => void create(event)} className="grid gap-4">
      <h1 className="text-xl font-semibold">You are in no organisation</h1>
      <p>
        {name} ({email}) is signed in, and belongs to no organisation: you left the last one or were removed from it.
        Ask an administrator for an invitation, or start one of your own.
      </p>
      <TextField
        label="Name of a new organisation"
        name="organization"
        autoComplete="organization"
        required
        maxLength={60}
      />
      <p role="alert" className="text-crit empty:hidden">
        {error}
      </p>
      <Button type="submit" variant="primary" size="lg" pending={pending}>
        Create organisation
      </Button>
      <Button type="button" size="lg" onClick={() => void signOut().then(() => window.location.assign('/login'))}>
        Sign out
      </Button>
    </form>
  )
}
