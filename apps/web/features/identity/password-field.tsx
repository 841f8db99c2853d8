'use client'
import { useState } from 'react'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'

export function PasswordField({
  label = 'Password',
  hint,
  autoComplete,
  minLength,
  error,
}: {
  label?: string
  hint?: string
  autoComplete: 'current-password' | 'new-password'
  minLength?: number
  error?: string | null
}) {
  const [shown, setShown] = useState(false)
  return (
    <div className="relative">
      <TextField
        label={label}
        hint={hint}
        name="password"
        type={shown ? 'text' : 'password'}
        autoComplete={autoComplete}
        minLength={minLength}
        maxLength={200}
        required
        error={error}
      />
      <Button
        variant="quiet"
        size="sm"
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="absolute -top-1.5 right-0 max-desk:-top-3"
      >
        {shown ? 'Hide' : 'Show'}
        <span className="sr-only"> password</span>
      </Button>
    </div>
  )
}
