import { clsx, type ClassValue } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

// `text-md` is a size of ours; without this the merge would take it for a colour and drop it beside `text-muted`.
const merge = extendTailwindMerge({ extend: { theme: { text: ['xs', 'sm', 'base', 'md', 'lg', 'xl', '2xl'] } } })

export function cn(...inputs: ClassValue[]): string {
  return merge(clsx(inputs))
}
