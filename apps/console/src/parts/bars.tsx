import classes from './bars.module.css'

/** How much in each hour; the same is said in words, for those who do not see it. */
export function Bars({ of, label }: { readonly of: readonly number[]; readonly label: string }) {
  const most = Math.max(1, ...of)
  return (
    <svg
      className={classes['bars']}
      viewBox={`0 0 ${of.length * 4} 24`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {of.map((count, hour) => {
        const height = count === 0 ? 1 : Math.max(2, (count / most) * 24)
        return (
          <rect
            key={`${hour}-${count}`}
            x={hour * 4}
            y={24 - height}
            width={3}
            height={height}
            rx={0.6}
            opacity={count === 0 ? 0.25 : 1}
          />
        )
      })}
    </svg>
  )
}
