'use client'
import { useColleagues } from '@/features/live/use-presence'
import { Avatar } from './presence'

const MAX_FACES = 3

/** "Ben is looking at this plan", with faces; nothing when nobody else is. */
export function LookingNow({ subject, what, words = false }: { subject: string; what: string; words?: boolean }) {
  const people = useColleagues(subject)
  if (people.length === 0) return null
  const names = people.map((person) => person.name)
  const text = `${listed(names)} ${names.length === 1 ? 'is' : 'are'} looking at ${what}`
  return (
    <span className="inline-flex items-center gap-1.5 text-sm text-muted" title={text}>
      <span className="inline-flex -space-x-2">
        {people.slice(0, MAX_FACES).map((person) => (
          <Avatar key={person.userId} name={person.name} />
        ))}
      </span>
      <span role="status" className={words ? undefined : 'sr-only'}>
        {text}
      </span>
    </span>
  )
}

function listed(names: readonly string[]): string {
  if (names.length <= 2) return names.join(' and ')
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
}
