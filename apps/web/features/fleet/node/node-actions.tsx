'use client'
import type { NodeDetail } from '@clawbernetes/protocol/views/node'
import { MoreHorizontal } from 'lucide-react'
import { useCan } from '@/features/identity/session'
import { useChatDock } from '@/features/shell/chat-dock'
import { Button } from '@/ui/button'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/ui/menu'

/** Changes are never made from here: each becomes a sentence to the agent, whose plan somebody approves. */
export function NodeActions({ node }: { node: NodeDetail }) {
  const { ask } = useChatDock()
  const mayPropose = useCan('propose')
  const chip = [{ kind: 'node', id: node.name, label: node.name }]
  const degraded = node.condition === 'degraded' || node.condition === 'critical'
  return (
    <>
      <Button variant={degraded ? 'secondary' : 'primary'} onClick={() => ask(`How is ${node.name} doing?`, chip)}>
        Ask about this
      </Button>
      <Button
        variant={degraded ? 'primary' : 'secondary'}
        aria-disabled={!mayPropose}
        title={mayPropose ? undefined : 'Proposing changes needs the role operator'}
        onClick={() => ask(`Drain ${node.name}`, chip)}
      >
        Drain…
      </Button>
      <Menu
        align="end"
        label="More actions"
        trigger={
          <Button variant="secondary" size="icon" aria-label="More actions">
            <MoreHorizontal aria-hidden="true" className="size-4" />
          </Button>
        }
      >
        <MenuLabel>{mayPropose ? 'Opens a plan in chat' : 'Proposing changes needs the role operator'}</MenuLabel>
        {node.cordon ? (
          <MenuItem disabled={!mayPropose} onSelect={() => ask(`Uncordon ${node.name}`, chip)}>
            Uncordon…
          </MenuItem>
        ) : (
          <MenuItem disabled={!mayPropose} onSelect={() => ask(`Cordon ${node.name}`, chip)}>
            Cordon…
          </MenuItem>
        )}
        <MenuSeparator />
        <MenuItem onSelect={() => ask(`What is running on ${node.name}?`, chip)}>What is running here?</MenuItem>
        <MenuItem onSelect={() => ask(`Diagnose ${node.name}`, chip)}>Diagnose</MenuItem>
      </Menu>
    </>
  )
}
