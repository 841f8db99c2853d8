'use client'
import { ChevronDown, Moon, Search, Sun, SunMoon } from 'lucide-react'
import Link from 'next/link'
import { useTheme } from 'next-themes'
import { FreezeButton } from '@/features/freeze/freeze-button'
import { showFreezeDialog } from '@/features/freeze/freeze-dialog-store'
import { signOut, switchOrganization } from '@/features/identity/auth-requests'
import { useSession } from '@/features/identity/session'
import { Badge } from '@/ui/badge'
import { Button } from '@/ui/button'
import { Kbd } from '@/ui/kbd'
import { Menu, MenuItem, MenuLabel, MenuRadioGroup, MenuSeparator } from '@/ui/menu'
import { ConnectionChip } from './connection-chip'
import { Logo } from './logo'
import { PausedMark } from './paused-mark'
import { Avatar, Presence } from './presence'

function OrgSwitcher() {
  const session = useSession()
  const trigger = (
    <Button variant="ghost" className="min-w-0 px-2 font-semibold">
      <span className="sr-only">Organisation: </span>
      <span className="max-w-44 truncate">{session.organization.name}</span>
      <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />
    </Button>
  )
  return (
    <Menu trigger={trigger} label="Organisations">
      <MenuRadioGroup
        label="Organisation"
        value={session.organization.id}
        onValueChange={(id) => void switchOrganization(id).then(() => window.location.assign('/fleet'))}
        options={session.organizations.map((organization) => ({ value: organization.id, label: organization.name }))}
      />
      <MenuSeparator />
      <MenuItem asChild>
        <Link href="/settings">Organisation settings</Link>
      </MenuItem>
    </Menu>
  )
}

const THEMES = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

function ThemeMenu() {
  const { theme, setTheme } = useTheme()
  const trigger = (
    <Button variant="quiet" size="icon" aria-label="Theme" className="max-desk:hidden">
      <Sun aria-hidden="true" className="size-4 dark:hidden" />
      <Moon aria-hidden="true" className="hidden size-4 dark:block" />
    </Button>
  )
  return (
    <Menu trigger={trigger} align="end" label="Theme">
      <MenuRadioGroup label="Theme" value={theme ?? 'system'} onValueChange={setTheme} options={THEMES} />
    </Menu>
  )
}

function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { user, role } = useSession()
  const trigger = (
    <button type="button" className="grid size-8 place-items-center rounded-full max-desk:size-11">
      <Avatar name={user.name} />
      <span className="sr-only">Account: {user.name}</span>
    </button>
  )
  return (
    <Menu trigger={trigger} align="end" label="Account">
      <MenuLabel>
        <span className="block text-base text-fg">{user.name}</span>
        {user.email} · {role}
      </MenuLabel>
      <MenuSeparator />
      <MenuItem asChild>
        <Link href="/settings?tab=appearance">
          <SunMoon aria-hidden="true" className="size-4" />
          Appearance
        </Link>
      </MenuItem>
      <MenuItem onSelect={onShortcuts}>Keyboard shortcuts</MenuItem>
      <MenuItem onSelect={() => showFreezeDialog(true)}>Emergency stop…</MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => void signOut().then(() => window.location.assign('/login'))}>Sign out</MenuItem>
    </Menu>
  )
}

type HeaderProps = { waitingApprovals: number; alerts: number | null; onPalette: () => void; onShortcuts: () => void }

export function Header({ waitingApprovals, alerts, onPalette, onShortcuts }: HeaderProps) {
  return (
    <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line bg-surface px-2 max-desk:h-[52px]">
      <Link
        href="/fleet"
        aria-label="Clawbernetes, fleet"
        className="grid size-8 shrink-0 place-items-center rounded-md"
      >
        <Logo />
      </Link>
      <OrgSwitcher />
      <Button
        className="justify-start text-muted max-desk:hidden desk:w-60"
        onClick={onPalette}
        aria-keyshortcuts="Meta+K Control+K"
      >
        <Search aria-hidden="true" className="size-3.5" />
        Search or run…
        <Kbd className="ml-auto">⌘K</Kbd>
      </Button>
      <div className="ml-auto flex items-center gap-2">
        <Button variant="quiet" size="icon" className="desk:hidden" onClick={onPalette} aria-label="Search or run">
          <Search aria-hidden="true" className="size-4" />
        </Button>
        <PausedMark />
        <ConnectionChip />
        <Presence />
        {alerts !== null && alerts > 0 ? (
          <Link
            href="/fleet#attention"
            className="text-sm whitespace-nowrap text-warn no-underline hover:underline max-desk:hidden"
          >
            <span aria-hidden="true">▲</span> {alerts} {alerts === 1 ? 'alert' : 'alerts'}
          </Link>
        ) : null}
        <FreezeButton />
        <Button asChild className="max-desk:hidden" size="sm">
          <Link href="/approvals">
            Approvals
            {waitingApprovals > 0 ? (
              <>
                <Badge tone="warn">{waitingApprovals}</Badge>
                <span className="sr-only">waiting</span>
              </>
            ) : null}
          </Link>
        </Button>
        <ThemeMenu />
        <AccountMenu onShortcuts={onShortcuts} />
      </div>
    </header>
  )
}
