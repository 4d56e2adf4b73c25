import { TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch, IconToolsKitchen2 } from '@tabler/icons-react'
import {
  type KeyboardEvent,
  startTransition,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../components/empty-state.tsx'
import { useCart } from '../../hooks/cart.tsx'
import { useHasWideHeader } from '../../hooks/use-layout.ts'
import { countOfItem } from '../../lib/cart.ts'
import { firstItems, searchMenu } from '../../lib/menu.ts'
import { CloseSessionButton } from '../cash/close-session-button.tsx'
import { Categories } from './categories.tsx'
import { hueOf } from './hues.ts'
import { ItemTile } from './item-tile.tsx'
import classes from './sell.module.css'

/** Everything that is sold: all of it, a category, or what is searched for. A tap puts one into the cart. */
export function MenuBoard() {
  const { t } = useTranslation('pos')
  const { menu, cart, add } = useCart()
  const isWide = useHasWideHeader()
  const [search, setSearch] = useState('')
  const [categoryId, setCategoryId] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const sought = useDeferredValue(search)
  useHotkeys([['/', () => input.current?.focus()]])

  const all = menu.sections
  const hues = useMemo(() => new Map(all.map(({ category }, i) => [category.id, hueOf(i)])), [all])
  const found = useMemo(() => searchMenu(menu, sought), [menu, sought])
  const isSearching = sought.trim() !== ''
  const chosen = all.some(({ category }) => category.id === categoryId) ? categoryId : null
  const ofAll =
    isSearching || chosen === null ? found : found.filter(({ category }) => category.id === chosen)
  const shown = useHasTime(`${chosen} ${sought}`) ? ofAll : firstItems(ofAll, tilesInSight)

  function onKeyDown({ key }: KeyboardEvent) {
    if (key === 'Escape') setSearch('')
    const first = searchMenu(menu, search)[0]?.items[0]
    if (key !== 'Enter' || search.trim() === '' || !first) return
    add(first)
    setSearch('')
  }

  return (
    <>
      <div className={classes.tools}>
        <TextInput
          ref={input}
          className={classes.search}
          type="search"
          aria-label={t('sell.search')}
          placeholder={t('sell.searchHint')}
          leftSection={<IconSearch size={20} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <CloseSessionButton isCompact={!isWide} />
      </div>
      <Categories sections={all} hues={hues} chosen={isSearching ? null : chosen} onChoose={setCategoryId} />
      <div className={classes.board}>
        {all.length === 0 && (
          <EmptyState
            icon={IconToolsKitchen2}
            title={t('sell.emptyMenu.title')}
            text={t('sell.emptyMenu.text')}
          />
        )}
        {isSearching && shown.length === 0 && (
          <p role="status">{t('sell.nothingFound', { search: sought })}</p>
        )}
        {shown.map(({ category, items }) => (
          <section key={category.id} aria-label={category.name} style={hues.get(category.id)}>
            {chosen === null && <h2 className={classes.sectionTitle}>{category.name}</h2>}
            <ul className={classes.tiles}>
              {items.map((item) => (
                <ItemTile key={item.id} item={item} count={countOfItem(cart, item.id)} onAdd={add} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  )
}

/** More than fit into any window. */
const tilesInSight = 60

/** False when something else is looked at, until that is on the screen: what is out of sight is drawn after it. */
function useHasTime(lookedAt: string): boolean {
  const [drawn, setDrawn] = useState<string | null>(null)
  useEffect(() => startTransition(() => setDrawn(lookedAt)), [lookedAt])
  return drawn === lookedAt
}
