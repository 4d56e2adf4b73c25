import { TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch, IconToolsKitchen2 } from '@tabler/icons-react'
import {
  type KeyboardEvent,
  memo,
  startTransition,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../components/empty-state.tsx'
import { useCartSteps } from '../../hooks/cart.tsx'
import { useHasWideHeader } from '../../hooks/use-layout.ts'
import { firstItems, type Item, type Section, searchMenu } from '../../lib/menu.ts'
import { CloseSessionButton } from '../cash/close-session-button.tsx'
import { Categories } from './categories.tsx'
import { hueOf } from './hues.ts'
import { ItemTile } from './item-tile.tsx'
import classes from './sell.module.css'

/**
 * Everything that is sold: all of it, a category, or what is searched for. A tap puts one into the cart; what is in the
 * cart is nothing that the board is drawn for.
 */
export const MenuBoard = memo(function MenuBoard() {
  const { t } = useTranslation('pos')
  const { menu, add } = useCartSteps()
  const isWide = useHasWideHeader()
  const [search, setSearch] = useState('')
  const [categoryId, choose] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  // A key shows in the field at once, and what it finds when that is done.
  const sought = useDeferredValue(search)
  const isSearching = sought.trim() !== ''
  // A category may be gone by now.
  const chosen = menu.sections.some(({ category }) => category.id === categoryId) ? categoryId : null
  // Of something else one sees the beginning.
  const board = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is looked at
  useLayoutEffect(() => {
    board.current?.scrollTo(0, 0)
  }, [sought, chosen])
  useHotkeys([['/', () => input.current?.focus()]])

  function onKeyDown({ key }: KeyboardEvent) {
    if (key === 'Escape') setSearch('')
    if (key !== 'Enter' || search.trim() === '') return
    const first = searchMenu(menu, search)[0]?.items[0]
    if (!first) return
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
      <Categories sections={menu.sections} chosen={search.trim() === '' ? chosen : null} onChoose={choose} />
      <div ref={board} className={classes.board}>
        {menu.sections.length === 0 && (
          <EmptyState
            icon={IconToolsKitchen2}
            title={t('sell.emptyMenu.title')}
            text={t('sell.emptyMenu.text')}
          />
        )}
        {isSearching && <Found sought={sought} />}
        <Sections chosen={chosen} isHidden={isSearching} />
      </div>
    </>
  )
})

/** All tiles, of which a search or a category hides some: 500 are not made and thrown away for a key or a tap. */
const Sections = memo(function Sections({ chosen, isHidden }: { chosen: string | null; isHidden: boolean }) {
  const { menu } = useCartSteps()
  const first = useMemo(() => firstItems(menu.sections, tilesInSight), [menu])
  const shown = useHasTime() ? menu.sections : first
  return shown.map((section, i) => (
    <OneSection
      key={section.category.id}
      section={section}
      hue={i}
      isTitled={chosen === null}
      isHidden={isHidden || (chosen !== null && chosen !== section.category.id)}
    />
  ))
})

/** What a search finds, by category; of a lot, as much as one looks through. */
function Found({ sought }: { sought: string }) {
  const { t } = useTranslation('pos')
  const { menu } = useCartSteps()
  const found = useMemo(() => searchMenu(menu, sought), [menu, sought])
  const shown = useMemo(() => firstItems(found, mostFound), [found])
  const more = countOfItems(found) - countOfItems(shown)
  const hueOfCategory = (id: string) => menu.sections.findIndex(({ category }) => category.id === id)
  return (
    <>
      {found.length === 0 && <p role="status">{t('sell.nothingFound', { search: sought })}</p>}
      {shown.map((section) => (
        <OneSection
          key={section.category.id}
          section={section}
          hue={hueOfCategory(section.category.id)}
          isTitled
          isHidden={false}
        />
      ))}
      {more > 0 && <p data-testid="more-found">{t('sell.moreFound', { count: more })}</p>}
    </>
  )
}

const OneSection = memo(function OneSection(props: {
  section: Section
  /** The place of its category on the menu. */
  hue: number
  isTitled: boolean
  isHidden: boolean
}) {
  const { section, hue, isTitled, isHidden } = props
  const { category, items } = section
  return (
    <section aria-label={category.name} style={hueOf(hue)} hidden={isHidden}>
      {isTitled && <h2 className={classes.sectionTitle}>{category.name}</h2>}
      <TileList items={items} />
    </section>
  )
})

const TileList = memo(function TileList({ items }: { items: readonly Item[] }) {
  const { add } = useCartSteps()
  return (
    <ul className={classes.tiles}>
      {items.map((item) => (
        <ItemTile key={item.id} item={item} onAdd={add} />
      ))}
    </ul>
  )
})

/** More than fit into any window. */
const tilesInSight = 60
const mostFound = 40

const countOfItems = (sections: readonly Section[]) =>
  sections.reduce((sum, { items }) => sum + items.length, 0)

/** False until what is there first is on the screen: what is out of sight is drawn after it. */
function useHasTime(): boolean {
  const [hasTime, setHasTime] = useState(false)
  useEffect(() => startTransition(() => setHasTime(true)), [])
  return hasTime
}
