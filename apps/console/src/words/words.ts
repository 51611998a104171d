import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'

export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français' } as const
export type Language = keyof typeof LANGUAGES

/** English comes with the page; the others are fetched when they are wanted. */
const LOADERS = {
  en: async () => en,
  de: async () => (await import('./de.ts')).de,
  fr: async () => {
    const [{ fr }, { spaced }] = await Promise.all([import('./fr.ts'), import('./french.ts')])
    return spaced(fr)
  },
} as const

const KEPT = 'linchpin-language'

export const words: i18n = i18next.createInstance()
void words.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
})
void speak(wanted())

async function speak(language: Language): Promise<void> {
  words.addResourceBundle(language, 'translation', await LOADERS[language]())
  await words.changeLanguage(language)
  document.documentElement.lang = language
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT, language)
  void speak(language)
}

function wanted(): Language {
  const names = [localStorage.getItem(KEPT) ?? '', ...navigator.languages]
  return names.map(name => name.slice(0, 2)).find(isLanguage) ?? 'en'
}

export function isLanguage(name: string): name is Language {
  return name in LANGUAGES
}
