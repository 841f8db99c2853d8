import { Badge } from '@/ui/badge'

/** Simulated things are marked wherever they are named. */
export function DemoMark({ demo }: { demo: boolean }) {
  return demo ? (
    <Badge className="shrink-0" tone="agent">
      Demo
    </Badge>
  ) : null
}
