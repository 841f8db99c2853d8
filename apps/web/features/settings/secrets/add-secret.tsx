'use client'
import { type FormEvent, useState } from 'react'
import { useCan } from '@/features/identity/session'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { formText } from '@/ui/form-text'
import type { AskedSecret } from './use-secret-plan'

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/
const SERVICE = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/

/** Which secret, and for what: the value is entered on the card that comes of it. */
export function AddSecret({ asked }: { asked: AskedSecret }) {
  const mayPropose = useCan('propose')
  const [errors, setErrors] = useState<{ name: string | null; service: string | null }>({ name: null, service: null })
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    const name = formText(fields, 'name').trim()
    const service = formText(fields, 'service').trim()
    const found = {
      name: NAME.test(name) ? null : 'Use a letter first, then letters, digits, dashes and underscores.',
      service:
        service === '' || SERVICE.test(service)
          ? null
          : 'Use lower-case letters, digits, dots and hyphens, or leave it empty.',
    }
    setErrors(found)
    const wrong = found.name ? 'name' : found.service ? 'service' : null
    if (wrong) return form.querySelector<HTMLInputElement>(`[name="${wrong}"]`)?.focus()
    if (mayPropose && (await asked.ask('create', name, service || null))) form.reset()
  }
  return (
    <form className="grid gap-3" noValidate onSubmit={(event) => void submit(event)}>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Name"
          name="name"
          placeholder="hf_token"
          autoComplete="off"
          spellCheck={false}
          maxLength={63}
          error={errors.name}
          required
        />
        <TextField
          label="For a service or workload (optional)"
          name="service"
          placeholder="any"
          autoComplete="off"
          spellCheck={false}
          maxLength={63}
          error={errors.service}
        />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" aria-disabled={!mayPropose} pending={asked.drafting}>
          Add…
        </Button>
        {mayPropose ? null : <span className="text-sm text-muted">Proposing changes needs the role operator.</span>}
      </div>
    </form>
  )
}
