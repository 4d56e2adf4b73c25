import type { TranslationOf } from '../../ui/i18n.ts'
import type { en } from './en.ts'
import { overview } from './km/overview.ts'
import { shell } from './km/shell.ts'
import { words } from './km/words.ts'

export const km: TranslationOf<typeof en> = { title: 'ផ្ទាំងគ្រប់គ្រង Modula', shell, words, overview }
