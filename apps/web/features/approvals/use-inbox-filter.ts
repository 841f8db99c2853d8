'use client'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { INBOX_SORTS, type InboxFilter, type InboxSort, isFiltered } from './inbox-filter'

const PARSERS = {
  risk: parseAsString.withDefault(''),
  type: parseAsString.withDefault(''),
  by: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(INBOX_SORTS).withDefault('expiry'),
}

/** What the inbox is narrowed to and how it is sorted; in the address, so that a view can be kept and shared. */
export function useInboxFilter() {
  const [{ sort, ...filter }, setFields] = useQueryStates(PARSERS)
  return {
    filter,
    sort,
    filtered: isFiltered(filter),
    set: (patch: Partial<InboxFilter> & { sort?: InboxSort }) =>
      void setFields(Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, value || null]))),
    clear: () => void setFields({ risk: null, type: null, by: null }),
  }
}
