'use client'
import { useRouter } from 'next/navigation'
import { useState, type FormEvent } from 'react'
import { renameOrganization } from '@/features/identity/auth-requests'
import { useCan, useSession } from '@/features/identity/session'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { formText } from '@/ui/form-text'

export function OrganizationSection() {
  const { organization } = useSession()
  const mayChange = useCan('manageMembers')
  const router = useRouter()
  const [result, setResult] = useState<{ ok: boolean; text: string } | null>(null)
  const [pending, setPending] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const name = formText(new FormData(event.currentTarget), 'name').trim()
    if (!name || name === organization.name) return
    setPending(true)
    const renamed = await renameOrganization(name)
    setPending(false)
    setResult(renamed.ok ? { ok: true, text: 'Saved.' } : { ok: false, text: renamed.message })
    if (renamed.ok) router.refresh()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid max-w-[420px] gap-3">
      <TextField
        key={organization.name}
        label="Name"
        name="name"
        defaultValue={organization.name}
        maxLength={60}
        required
        disabled={!mayChange}
        hint={mayChange ? undefined : 'Changing it needs the role admin.'}
        error={result && !result.ok ? result.text : null}
      />
      <p className="text-sm text-muted">
        Id <code className="font-mono">{organization.id}</code>
      </p>
      <div className="flex items-center gap-3">
        <Button type="submit" variant="primary" pending={pending} aria-disabled={!mayChange}>
          Save
        </Button>
        <span role="status">{result?.ok ? result.text : ''}</span>
      </div>
    </form>
  )
}
