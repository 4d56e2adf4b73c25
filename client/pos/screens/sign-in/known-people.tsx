import { Avatar, Text, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Person } from '../../../sdk/index.ts'
import { initials } from '../../lib/sign-in.ts'
import classes from './sign-in.module.css'

/** Who has signed in on this tablet before: a tap instead of typing a staff code. */
export function KnownPeople(props: {
  people: readonly Person[]
  /** A staff code. */
  chosen: string
  onChoose: (person: Person) => void
}) {
  const { people, chosen, onChoose } = props
  const { t } = useTranslation('pos')
  if (people.length === 0) return null
  return (
    <ul className={classes.people} aria-label={t('signIn.known')}>
      {people.map((person) => (
        <li key={person.accountId}>
          <UnstyledButton
            className={classes.person}
            aria-pressed={person.staffCode === chosen}
            onClick={() => onChoose(person)}
          >
            <Avatar color="clay" variant="filled" aria-hidden>
              {initials(person.name)}
            </Avatar>
            <span>
              <Text span fw={600} display="block">
                {person.name}
              </Text>
              <Text span size="sm" c="dimmed">
                {t(`shell.role.${person.role}`)}
              </Text>
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}
