import { cn } from './cn'

/** Holds the final geometry while loading; static, so nothing moves for people who asked for that. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cn('skeleton late h-4', className)} />
}

export function SkeletonRows({ rows, label, className }: { rows: number; label: string; className?: string }) {
  return (
    <div role="status" className={cn('grid gap-2', className)}>
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} className="h-8" />
      ))}
    </div>
  )
}
