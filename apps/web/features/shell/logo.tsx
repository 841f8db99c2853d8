export function Logo({ className = 'size-5' }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 20 20" className={className}>
      <rect x="1" y="1" width="18" height="18" rx="4" fill="none" stroke="var(--info)" strokeWidth="1.6" />
      {[4.5, 8.5, 12.5].map((x) =>
        [5, 11].map((y) => (
          <rect
            key={`${x}-${y}`}
            x={x}
            y={y}
            width="3"
            height="4"
            rx="0.8"
            fill={x === 8.5 && y === 5 ? 'var(--agent)' : 'var(--info)'}
          />
        )),
      )}
    </svg>
  )
}
