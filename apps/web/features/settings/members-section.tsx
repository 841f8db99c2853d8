'use client'
import { ROLES, type Role } from '@clawbernetes/protocol/permissions'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { AuthResult } from '@/features/identity/auth-requests'
import {
  cancelInvitation,
  changeRole,
  type Invitation,
  inviteMember,
  listInvitations,
  listMembers,
  type Member,
  removeMember,
} from '@/features/identity/members'
import { useCan, useSession } from '@/features/identity/session'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { RelativeTime } from '@/ui/clock'
import { CopyButton } from '@/ui/copy-button'
import { Dialog } from '@/ui/dialog'
import { inputClass, SelectField, TextField } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { Table, TableHead, Td, Th } from '@/ui/table'
import { formText } from '@/ui/form-text'

const MEMBERS_KEY = ['members']
const INVITATIONS_KEY = ['invitations']
const ROLE_WORDS: Record<Role, string> = {
  viewer: 'Viewer: reads',
  operator: 'Operator: proposes, approves low and medium risk',
  approver: 'Approver: approves high risk',
  admin: 'Admin: members, nodes, policy',
  owner: 'Owner: everything',
}

function MemberRow({
  member,
  mayManage,
  onAction,
}: {
  member: Member
  mayManage: boolean
  onAction: (action: Promise<AuthResult>) => void
}) {
  const { user } = useSession()
  const [confirming, setConfirming] = useState(false)
  const self = member.user.id === user.id
  return (
    <tr>
      <Td>
        <span className="font-semibold">{member.user.name}</span>
        {self ? <span className="text-muted"> (you)</span> : null}
        <span className="block text-muted">{member.user.email}</span>
      </Td>
      <Td>
        {mayManage && !self && member.role !== 'owner' ? (
          <select
            aria-label={`Role of ${member.user.name}`}
            value={member.role}
            onChange={(event) => onAction(changeRole(member.id, event.target.value))}
            className={inputClass}
          >
            {ROLES.filter((role) => role !== 'owner').map((role) => (
              <option key={role} value={role}>
                {role}
              </option>
            ))}
          </select>
        ) : (
          member.role
        )}
      </Td>
      <Td>
        <RelativeTime value={member.createdAt} />
      </Td>
      <Td className="text-right">
        {mayManage && !self && member.role !== 'owner' ? (
          <Button size="sm" variant="danger" onClick={() => setConfirming(true)}>
            Remove…
          </Button>
        ) : null}
        {confirming ? (
          <Dialog
            open
            onOpenChange={setConfirming}
            title={`Remove ${member.user.name}?`}
            description="They lose access at once. What they asked for and approved stays in the log; plans of theirs that wait cannot start."
            footer={
              <>
                <Button onClick={() => setConfirming(false)}>Cancel</Button>
                <Button
                  variant="danger"
                  onClick={() => {
                    setConfirming(false)
                    onAction(removeMember(member.id))
                  }}
                >
                  Remove {member.user.name}
                </Button>
              </>
            }
          />
        ) : null}
      </Td>
    </tr>
  )
}

function InviteForm({ onAction }: { onAction: (action: Promise<AuthResult>) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    onAction(inviteMember(formText(form, 'email').trim(), formText(form, 'role')))
    event.currentTarget.reset()
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <TextField label="E-mail" name="email" type="email" required className="min-w-56 flex-1" autoComplete="off" />
      <SelectField label="Role" name="role" defaultValue="operator" className="min-w-40">
        {ROLES.filter((role) => role !== 'owner').map((role) => (
          <option key={role} value={role}>
            {ROLE_WORDS[role]}
          </option>
        ))}
      </SelectField>
      <Button type="submit" variant="primary" className="min-h-9">
        Invite
      </Button>
    </form>
  )
}

function Invitations({
  items,
  onAction,
}: {
  items: readonly Invitation[]
  onAction: (action: Promise<AuthResult>) => void
}) {
  if (items.length === 0) return null
  return (
    <ul className="m-0 mt-3 grid list-none gap-2 p-0">
      {items.map((item) => (
        <li key={item.id} className="flex flex-wrap items-center gap-2 border-t border-line pt-2">
          <span className="min-w-0 flex-1 break-words">
            {item.email} as {item.role}, expires <RelativeTime value={item.expiresAt} />
          </span>
          <CopyButton text={`${window.location.origin}/invite/${item.id}`} label="Copy link" />
          <Button size="sm" onClick={() => onAction(cancelInvitation(item.id))}>
            Withdraw
          </Button>
        </li>
      ))}
    </ul>
  )
}

/** Who is in, with which role; who is invited. No mail is sent from here: the link is copied and handed over. */
export function MembersSection() {
  const mayManage = useCan('manageMembers')
  const queryClient = useQueryClient()
  const members = useQuery({ queryKey: MEMBERS_KEY, queryFn: listMembers })
  const invitations = useQuery({ queryKey: INVITATIONS_KEY, queryFn: listInvitations, enabled: mayManage })
  const [failure, setFailure] = useState<string | null>(null)
  const onAction = (action: Promise<AuthResult>) => {
    void action.then(async (result) => {
      setFailure(result.ok ? null : result.message)
      await queryClient.invalidateQueries({ queryKey: MEMBERS_KEY })
      await queryClient.invalidateQueries({ queryKey: INVITATIONS_KEY })
    })
  }
  return (
    <div className="grid gap-3">
      {failure ? <InlineError title="The change was not accepted" detail={failure} /> : null}
      <Card title="Members" bodyClassName="p-0">
        {members.error ? (
          <InlineError
            className="m-3"
            title="The members could not be loaded"
            detail={members.error.message}
            onRetry={() => void members.refetch()}
          />
        ) : null}
        {members.data ? (
          <Table label="Members">
            <TableHead>
              <tr>
                <Th>Person</Th>
                <Th>Role</Th>
                <Th>Since</Th>
                <Th>
                  <span className="sr-only">Actions</span>
                </Th>
              </tr>
            </TableHead>
            <tbody>
              {members.data.map((member) => (
                <MemberRow key={member.id} member={member} mayManage={mayManage} onAction={onAction} />
              ))}
            </tbody>
          </Table>
        ) : members.error ? null : (
          <SkeletonRows rows={3} label="Loading members" className="p-3" />
        )}
      </Card>
      {mayManage ? (
        <Card title="Invite a person" note="They sign up or sign in with this e-mail, then open the link.">
          <InviteForm onAction={onAction} />
          <Invitations items={invitations.data ?? []} onAction={onAction} />
        </Card>
      ) : (
        <p className="text-muted">Inviting people needs the role admin.</p>
      )}
    </div>
  )
}
