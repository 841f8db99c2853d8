'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { signIn } from '@/features/identity/auth-requests'
import { useSession } from '@/features/identity/session'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { formText } from '@/ui/form-text'

/** The session ran out: the page stays, the person signs in again on top of it, and what failed is asked anew. */
export function SessionLostDialog({ onClose }: { onClose: () => void }) {
  const { user } = useSession()
  const queryClient = useQueryClient()
  const [error, setError] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setPending(true)
    const result = await signIn({
      email: user.email,
      password: formText(new FormData(event.currentTarget), 'password'),
    })
    setPending(false)
    if (!result.ok) {
      setError(result.message)
      return
    }
    onClose()
    await queryClient.invalidateQueries()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Sign in again"
      description={`Your session has ended. Sign in as ${user.email} to go on where you are.`}
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-3">
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={error}
        />
        <Button type="submit" variant="primary" pending={pending}>
          Sign in
        </Button>
      </form>
    </Dialog>
  )
}
