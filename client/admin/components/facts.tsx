import type { ReactNode } from 'react'
import classes from './facts.module.css'

/** Names and what they are, one line each; what is null is left out. */
export function Facts({ of: facts }: { of: readonly (readonly [name: string, value: ReactNode] | null)[] }) {
  return (
    <dl className={classes.facts}>
      {facts
        .filter((fact) => fact !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}
