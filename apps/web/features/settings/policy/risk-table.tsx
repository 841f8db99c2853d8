'use client'
import { effectivePolicy } from '@clawbernetes/domain/approvals/effective-policy'
import { FLOOR } from '@clawbernetes/domain/approvals/presets'
import type { PolicyDocument, RiskRule } from '@clawbernetes/protocol/policy/org-policy'
import { ANSWERS, type PolicyAnswer, TTL_LIMITS_S } from '@clawbernetes/protocol/policy/policy-words'
import { ROLES, type Role, roleAtLeast } from '@clawbernetes/protocol/permissions'
import { useState } from 'react'
import { Button } from '@/ui/button'
import { inputClass } from '@/ui/field'
import { Table, TableHead, Td, Th } from '@/ui/table'
import { actionWords, EDITABLE_RISKS, type EditableRisk } from './policy-lines'

const ANSWER_OPTIONS: Record<PolicyAnswer, string> = { auto: 'Run by itself', ask: 'Ask', deny: 'Refuse' }
const TITLES: Record<EditableRisk, string> = { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' }

/** `approver` null: as the plan's risk says. */
type Shown = { answer: PolicyAnswer; approvals: number; approver: Role | null; fourEyes: boolean; ttlS: number | null }
type RowProps = {
  title: string
  shown: Shown
  floor: { answer: PolicyAnswer; approvals: number; approver: Role; fourEyes: boolean }
  ttl: { min: number; max: number }
  disabled: boolean
  onChange: (patch: RiskRule) => void
  onRemove?: () => void
}

type AnswerProps = Pick<RowProps, 'title' | 'shown' | 'floor' | 'disabled' | 'onChange'>

/** What the floors of code forbid is not offered. */
function AnswerSelect({ title, shown, floor, disabled, onChange }: AnswerProps) {
  const answers = ANSWERS.filter((answer) => ANSWERS.indexOf(answer) >= ANSWERS.indexOf(floor.answer))
  return (
    <select
      className={`${inputClass} min-w-32`}
      aria-label={`${title}: answer`}
      disabled={disabled}
      value={shown.answer}
      onChange={(event) => onChange({ answer: ANSWERS.find((a) => a === event.target.value) ?? 'ask' })}
    >
      {answers.map((answer) => (
        <option key={answer} value={answer}>
          {ANSWER_OPTIONS[answer]}
        </option>
      ))}
    </select>
  )
}

function Row({ title, shown, floor, ttl, disabled, onChange, onRemove }: RowProps) {
  const asks = shown.answer === 'ask'
  return (
    <tr>
      <Th scope="row">{title}</Th>
      <Td>
        <AnswerSelect title={title} shown={shown} floor={floor} disabled={disabled} onChange={onChange} />
      </Td>
      <Td>
        <input
          type="number"
          className={`${inputClass} min-w-16`}
          aria-label={`${title}: approvals needed`}
          min={floor.approvals}
          max={5}
          disabled={disabled || !asks}
          value={shown.approvals}
          onChange={(event) => onChange({ approvals: clamp(event.target.valueAsNumber, floor.approvals, 5) })}
        />
      </Td>
      <Td>
        <select
          className={`${inputClass} min-w-44`}
          aria-label={`${title}: who may approve`}
          disabled={disabled || !asks}
          value={shown.approver ?? ''}
          onChange={(event) => onChange({ approver: ROLES.find((role) => role === event.target.value) })}
        >
          {onRemove ? <option value="">as its risk</option> : null}
          {ROLES.filter((role) => roleAtLeast(role, floor.approver)).map((role) => (
            <option key={role} value={role}>
              {role} or higher
            </option>
          ))}
        </select>
      </Td>
      <Td>
        <input
          type="checkbox"
          className="size-5"
          aria-label={`${title}: a second person, not whoever asked`}
          disabled={disabled || !asks || floor.fourEyes}
          checked={shown.fourEyes}
          onChange={(event) => onChange({ fourEyes: event.target.checked })}
        />
      </Td>
      <Td>
        <input
          type="number"
          className={`${inputClass} min-w-28`}
          aria-label={`${title}: minutes that a proposal lives`}
          placeholder="as its action"
          min={ttl.min / 60}
          max={ttl.max / 60}
          disabled={disabled || !asks}
          value={shown.ttlS === null ? '' : shown.ttlS / 60}
          onChange={(event) =>
            onChange({ ttlS: event.target.value === '' ? undefined : Math.round(event.target.valueAsNumber * 60) })
          }
        />
      </Td>
      <Td>
        {onRemove ? (
          <Button size="sm" onClick={onRemove} aria-label={`Remove the rule for ${title}`} disabled={disabled}>
            Remove
          </Button>
        ) : null}
      </Td>
    </tr>
  )
}

const clamp = (value: number, min: number, max: number): number =>
  Number.isNaN(value) ? min : Math.min(max, Math.max(min, Math.round(value)))

type TableProps = { document: PolicyDocument; disabled: boolean; onChange: (document: PolicyDocument) => void }

/** Per risk, and for single actions on top of their risk. */
export function RiskTable({ document, disabled, onChange }: TableProps) {
  const { edits } = document
  const policy = effectivePolicy(document)
  const setRisk = (risk: EditableRisk, patch: RiskRule) =>
    onChange({
      ...document,
      edits: { ...edits, risks: { ...edits.risks, [risk]: { ...edits.risks[risk], ...patch } } },
    })
  const setTool = (tool: string, rule: RiskRule | null) => {
    const { [tool]: _, ...others } = edits.tools
    onChange({ ...document, edits: { ...edits, tools: rule ? { ...others, [tool]: rule } : others } })
  }
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      <Table label="Rules per risk and action">
        <TableHead>
          <tr>
            <Th>Risk or action</Th>
            <Th>Answer</Th>
            <Th>Approvals</Th>
            <Th>By</Th>
            <Th>Second person</Th>
            <Th>Lives, minutes</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </TableHead>
        <tbody>
          {EDITABLE_RISKS.map((risk) => (
            <Row
              key={risk}
              title={TITLES[risk]}
              shown={policy.risks[risk]}
              floor={FLOOR[risk]}
              ttl={TTL_LIMITS_S[risk]}
              disabled={disabled}
              onChange={(patch) => setRisk(risk, patch)}
            />
          ))}
          {Object.entries(edits.tools).map(([tool, rule]) => (
            <Row
              key={tool}
              title={actionWords(tool)}
              shown={{
                answer: 'ask',
                approvals: 1,
                fourEyes: false,
                ...rule,
                approver: rule.approver ?? null,
                ttlS: rule.ttlS ?? null,
              }}
              floor={FLOOR.low}
              ttl={TTL_LIMITS_S.medium}
              disabled={disabled}
              onChange={(patch) => setTool(tool, { ...rule, ...patch })}
              onRemove={() => setTool(tool, null)}
            />
          ))}
        </tbody>
      </Table>
      <AddAction disabled={disabled} onAdd={(tool) => setTool(tool, { answer: 'ask', approvals: 1 })} />
    </div>
  )
}

function AddAction({ disabled, onAdd }: { disabled: boolean; onAdd: (tool: string) => void }) {
  const [text, setText] = useState('')
  const tool = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
  const valid = /^[a-z][a-z0-9_]{0,60}$/.test(tool)
  return (
    <div className="flex flex-wrap items-center gap-2">
      <input
        className={`${inputClass} max-w-56`}
        aria-label="Name of an action, such as drain node"
        placeholder="drain node"
        value={text}
        disabled={disabled}
        onChange={(event) => setText(event.target.value)}
      />
      <Button
        aria-disabled={disabled || !valid}
        onClick={() => {
          onAdd(tool)
          setText('')
        }}
      >
        Add a rule for an action
      </Button>
    </div>
  )
}
