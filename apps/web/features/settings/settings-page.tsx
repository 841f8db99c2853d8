'use client'
import dynamic from 'next/dynamic'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useCan } from '@/features/identity/session'
import { Page } from '@/features/shell/page'
import { SkeletonRows } from '@/ui/skeleton'
import { Tabs } from '@/ui/tabs'
import { AppearanceSection } from './appearance-section'
import { JoinTokensSection } from './join-tokens-section'
import { MembersSection } from './members-section'
import { OrganizationSection } from './organization-section'
import { whenReachable } from '@/ui/when-reachable'

const TABS = [
  'organization',
  'members',
  'nodes',
  'api-keys',
  'secrets',
  'channels',
  'policy',
  'planner',
  'appearance',
] as const

/** Loaded when its tab is opened. */
const ApiKeysSection = dynamic(
  whenReachable(() => import('./api-keys-section').then((m) => m.ApiKeysSection)),
  {
    loading: () => <SkeletonRows rows={4} label="Loading" />,
  },
)

const SecretsSection = dynamic(
  whenReachable(() => import('./secrets-section').then((m) => m.SecretsSection)),
  {
    loading: () => <SkeletonRows rows={4} label="Loading" />,
  },
)

const PolicySection = dynamic(
  whenReachable(() => import('./policy/policy-section').then((m) => m.PolicySection)),
  {
    ssr: false,
    loading: () => <SkeletonRows rows={8} label="Loading" />,
  },
)

const ChannelsSection = dynamic(
  whenReachable(() => import('./channels-section').then((m) => m.ChannelsSection)),
  {
    loading: () => <SkeletonRows rows={4} label="Loading" />,
  },
)

const PlannerSection = dynamic(
  whenReachable(() => import('./planner-section').then((m) => m.PlannerSection)),
  {
    loading: () => <SkeletonRows rows={8} label="Loading" />,
  },
)

export function SettingsPage() {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('members'))
  const managesNodes = useCan('manageNodes')
  const tabs = [
    { value: 'members', label: 'Members', content: <MembersSection /> },
    ...(managesNodes ? [{ value: 'nodes', label: 'Nodes and join tokens', content: <JoinTokensSection /> }] : []),
    { value: 'api-keys', label: 'API keys', content: <ApiKeysSection /> },
    { value: 'secrets', label: 'Secrets', content: <SecretsSection /> },
    { value: 'policy', label: 'Policy', content: <PolicySection /> },
    { value: 'planner', label: 'Planner', content: <PlannerSection /> },
    { value: 'channels', label: 'Channels', content: <ChannelsSection /> },
    { value: 'organization', label: 'Organisation', content: <OrganizationSection /> },
    { value: 'appearance', label: 'Appearance', content: <AppearanceSection /> },
  ]
  return (
    <Page title="Settings" className="mx-auto w-full max-w-[960px]">
      <Tabs
        label="Settings"
        tabs={tabs}
        value={tab}
        onValueChange={(next) => void setTab(TABS.find((known) => known === next) ?? 'members')}
      />
    </Page>
  )
}
