'use client'
import { APPROVE_ROLES, type ApproveRole } from '@clawbernetes/domain/channels/channel-approval'
import { CHANNEL_NAMES, type ChannelConnectionView, type ChannelRoomView } from '@clawbernetes/protocol/views/channel'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { SelectField } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'

const FLAGS = [
  { key: 'answers', label: 'Answers here' },
  { key: 'planWaiting', label: 'Plan waiting' },
  { key: 'planFinished', label: 'Plan finished' },
  { key: 'findings', label: 'Critical finding' },
  { key: 'emergency', label: 'Emergency stop' },
] as const satisfies readonly { key: Exclude<keyof ChannelRoomView, 'id' | 'name' | 'isPrivate'>; label: string }[]

const ROLE_WORDS: Record<ApproveRole, string> = {
  operator: 'Operators and above',
  approver: 'Approvers and above',
  admin: 'Administrators and owners',
  owner: 'Owners only',
  nobody: 'Nobody; cards lead to the web',
}

/** Who may decide on this platform, and what each channel is told. One Save for all of it. */
export function RoomSettings({ connection, editable }: { connection: ChannelConnectionView; editable: boolean }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [rooms, setRooms] = useState(connection.rooms)
  const [approveRole, setApproveRole] = useState(connection.approveRole)
  const [base, setBase] = useState(connection)
  const dirty = approveRole !== base.approveRole || JSON.stringify(rooms) !== JSON.stringify(base.rooms)
  if (base !== connection) {
    // Somebody else saved, or channels came and went: what was changed here and not saved stays.
    setBase(connection)
    setRooms(connection.rooms.map((room) => (dirty ? (rooms.find((known) => known.id === room.id) ?? room) : room)))
    if (!dirty) setApproveRole(connection.approveRole)
  }
  const save = useMutation(
    trpc.channels.update.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.channels.list.queryFilter()),
    }),
  )
  const platform = CHANNEL_NAMES[connection.kind]
  const changeRoom = (id: string, flags: Partial<ChannelRoomView>) => {
    save.reset()
    setRooms(rooms.map((room) => (room.id === id ? { ...room, ...flags } : room)))
  }
  const submit = () =>
    save.mutate({
      connectionId: connection.id,
      approveRole: APPROVE_ROLES.find((role) => role === approveRole) ?? 'nobody',
      rooms: rooms.map(({ id, answers, planWaiting, planFinished, findings, emergency }) => ({
        id,
        answers,
        planWaiting,
        planFinished,
        findings,
        emergency,
      })),
    })
  return (
    <div className="grid gap-3">
      <SelectField
        label={`Who may decide from ${platform}`}
        hint="The policy and the person's own role hold in addition. High risk is always decided in the web."
        value={approveRole}
        disabled={!editable}
        onChange={(event) => {
          save.reset()
          setApproveRole(event.target.value)
        }}
        className="max-w-[420px]"
      >
        {APPROVE_ROLES.map((role) => (
          <option key={role} value={role}>
            {ROLE_WORDS[role]}
          </option>
        ))}
      </SelectField>
      <RoomList kind={connection.kind} rooms={rooms} editable={editable} onChange={changeRoom} />
      {save.error ? <InlineError title="Nothing was saved" detail={toApiError(save.error).message} /> : null}
      {editable ? (
        <div className="flex items-center gap-3">
          <Button variant="primary" pending={save.isPending} aria-disabled={!dirty} onClick={submit}>
            Save<span className="sr-only"> the settings of {platform}</span>
          </Button>
          <span role="status">{dirty ? 'Not saved yet.' : save.isSuccess ? 'Saved.' : ''}</span>
        </div>
      ) : null}
    </div>
  )
}

function RoomList({
  kind,
  rooms,
  editable,
  onChange,
}: {
  kind: ChannelConnectionView['kind']
  rooms: readonly ChannelRoomView[]
  editable: boolean
  onChange: (id: string, flags: Partial<ChannelRoomView>) => void
}) {
  return (
    <div className="grid gap-2">
      <h3 className="font-semibold">Channels and notifications</h3>
      {rooms.length === 0 ? (
        <p className="text-muted">
          {kind === 'slack'
            ? 'The app is in no channel yet. Invite it with /invite, then check again.'
            : 'The bot sees no text channel yet. Give its role the right to view one, then check again.'}
        </p>
      ) : null}
      <div className="grid max-h-[420px] gap-2 overflow-y-auto">
        {rooms.map((room) => (
          <fieldset key={room.id} className="m-0 min-w-0 rounded-md border border-line px-3 py-2" disabled={!editable}>
            <legend className="px-1 font-semibold break-all">
              #{room.name}
              {room.isPrivate ? <span className="font-normal text-muted"> private</span> : null}
            </legend>
            <div className="flex flex-wrap gap-x-4 gap-y-1">
              {FLAGS.map(({ key, label }) => (
                <label key={key} className="flex min-h-7 items-center gap-2 max-desk:min-h-11">
                  <input
                    type="checkbox"
                    className="size-4"
                    checked={room[key]}
                    onChange={(event) => onChange(room.id, { [key]: event.target.checked })}
                  />
                  {label}
                </label>
              ))}
            </div>
          </fieldset>
        ))}
      </div>
    </div>
  )
}
