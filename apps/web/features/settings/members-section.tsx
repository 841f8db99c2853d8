'use client'
import { ROLES, type Role } from '@clawbernetes/protocol/permissions'
import type { InvitationView, MemberView } from '@clawbernetes/protocol/views/member'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useCan, useSession } from '@/features/identity/session'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { RelativeTime } from '@/ui/clock'
import { CopyButton } from '@/ui/copy-button'
import { Dialog } from '@/ui/dialog'
import { cn } from '@/ui/cn'
import { inputClass, SelectField, TextField } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { Table, TableHead, Td, Th } from '@/ui/table'
import { formText } from '@/ui/form-text'

const ROLE_WORDS: Record<Role, string> = {
  viewer: 'Viewer: reads',
  operator: 'Operator: proposes, approves low and medium risk',
  approver: 'Approver: approves high risk',
  admin: 'Admin: members, nodes, policy',
  owner: 'Owner: everything',
}

type Actions = ReturnType<typeof useMemberActions>

/** Every change of members: one at a time, the lists are read again after each. */
function useMemberActions() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = { onSettled: () => queryClient.invalidateQueries(trpc.members.list.queryFilter()) }
  const invite = useMutation(trpc.members.invite.mutationOptions(options))
  const withdraw = useMutation(trpc.members.withdraw.mutationOptions(options))
  const setRole = useMutation(trpc.members.setRole.mutationOptions(options))
  const remove = useMutation(trpc.members.remove.mutationOptions(options))
  const all = [invite, withdraw, setRole, remove]
  const latest = all.reduce((a, b) => (b.submittedAt > a.submittedAt ? b : a))
  return {
    failure: latest.error ? toApiError(latest.error).message : null,
    invite: (email: string, role: Role) => invite.mutate({ email, role }),
    withdraw: (invitationId: string) => withdraw.mutate({ invitationId }),
    setRole: (member: string, role: Role) => setRole.mutate({ member, role }),
    remove: (member: string) => remove.mutate({ member }),
  }
}

const roleOf = (text: string): Role => ROLES.find((role) => role === text) ?? 'viewer'

function MemberRow({ member, mayManage, actions }: { member: MemberView; mayManage: boolean; actions: Actions }) {
  const { user } = useSession()
  const [confirming, setConfirming] = useState(false)
  const self = member.user.id === user.id
  return (
    <tr>
      <Td>
        <span className="font-semibold">{member.user.name}</span>
        {self ? <span className="text-muted"> (you)</span> : null}
        <span className="block break-all text-muted">{member.user.email}</span>
      </Td>
      <Td>
        {mayManage && !self && member.role !== 'owner' ? (
          <select
            aria-label={`Role of ${member.user.name}`}
            value={member.role}
            onChange={(event) => actions.setRole(member.id, roleOf(event.target.value))}
            className={cn(inputClass, 'min-w-32')}
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
                    actions.remove(member.id)
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

function InviteForm({ actions }: { actions: Actions }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    actions.invite(formText(form, 'email').trim(), roleOf(formText(form, 'role')))
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

function Invitations({ items, actions }: { items: readonly InvitationView[]; actions: Actions }) {
  if (items.length === 0) return null
  return (
    <ul className="m-0 mt-3 grid list-none gap-2 p-0">
      {items.map((item) => (
        <li key={item.id} className="flex flex-wrap items-center gap-2 border-t border-line pt-2">
          <span className="min-w-0 flex-1 break-words">
            {item.email} as {item.role}, expires <RelativeTime value={item.expiresAt} />
          </span>
          <CopyButton text={`${window.location.origin}/invite/${item.id}`} label="Copy link" />
          <Button size="sm" onClick={() => actions.withdraw(item.id)}>
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
  const trpc = useTRPC()
  const members = useQuery(trpc.members.list.queryOptions())
  const actions = useMemberActions()
  const { failure } = actions
  return (
    <div className="grid gap-3">
      {failure ? <InlineError title="The change was not accepted" detail={failure} /> : null}
      <Card title="Members" bodyClassName="p-0">
        {members.error ? (
          <InlineError
            className="m-3"
            title="The members could not be loaded"
            detail={toApiError(members.error).message}
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
              {members.data.members.map((member) => (
                <MemberRow key={member.id} member={member} mayManage={mayManage} actions={actions} />
              ))}
            </tbody>
          </Table>
        ) : members.error ? null : (
          <SkeletonRows rows={3} label="Loading members" className="p-3" />
        )}
      </Card>
      {mayManage ? (
        <Card title="Invite a person" note="They sign up or sign in with this e-mail, then open the link.">
          <InviteForm actions={actions} />
          <Invitations items={members.data?.invitations ?? []} actions={actions} />
        </Card>
      ) : (
        <p className="text-muted">Inviting people needs the role admin.</p>
      )}
    </div>
  )
}
