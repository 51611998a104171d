import type { AlertEventName, AlertLanguage } from '@linchpin/api'

/** The words of alerts. {{names}} are filled in. */
export interface AlertWords {
  readonly began: string
  readonly ended: string
  readonly passed: string
  readonly some: string
  readonly test: string
  readonly testWords: string
  readonly since: string
  readonly until: string
  readonly open: string
  readonly more: string
  readonly moreWords: string
  readonly why: string
  readonly event: Readonly<Record<AlertEventName | 'missed' | 'unread' | 'credential', string>>
}

const en: AlertWords = {
  began: 'New',
  ended: 'Over',
  passed: 'Came and went',
  some: '{{began}} new, {{ended}} over',
  test: 'A test',
  testWords: 'This is a test of Linchpin’s alerts. They arrive here.',
  since: 'since {{at}}',
  until: 'from {{from}} to {{at}}',
  open: 'Open in Linchpin',
  more: 'And {{count}} more',
  moreWords: 'They do not fit in here. All of them stand in Linchpin under “What was told”.',
  why: 'Told by the rule “{{rule}}”.',
  event: {
    parked: '{{count}} parked in {{flow}}',
    trouble: '{{connection}} does not answer',
    unread: '{{connection}} cannot be read',
    login: '{{connection}} refuses our sign-in or settings',
    restored: '{{connection}} seems to have been restored from a backup',
    paused: '{{flow}}{{connection}} was paused',
    behind: '{{flow}} is behind, {{count}} wait',
    differences: '{{count}} records differ in {{flow}}',
    run: 'The run of {{flow}} parked {{count}}',
    missed: 'A run of {{flow}} was missed',
    expiring: 'An API key ends soon, or has just ended',
    credential: 'A credential of {{connection}} ends soon, or has just ended',
  },
}

const de: AlertWords = {
  began: 'Neu',
  ended: 'Vorbei',
  passed: 'Kam und ging',
  some: '{{began}} neu, {{ended}} vorbei',
  test: 'Ein Test',
  testWords: 'Das ist ein Test der Benachrichtigungen von Linchpin. Sie kommen hier an.',
  since: 'seit {{at}}',
  until: 'von {{from}} bis {{at}}',
  open: 'In Linchpin öffnen',
  more: 'Und {{count}} mehr',
  moreWords: 'Sie passen hier nicht hinein. Alle stehen in Linchpin unter „Was gesagt wurde“.',
  why: 'Gesagt von der Regel „{{rule}}“.',
  event: {
    parked: '{{count}} geparkt in {{flow}}',
    trouble: '{{connection}} antwortet nicht',
    unread: '{{connection}} lässt sich nicht lesen',
    login: '{{connection}} weist unsere Anmeldung oder Einstellungen ab',
    restored: '{{connection}} wurde wohl aus einer Sicherung wiederhergestellt',
    paused: '{{flow}}{{connection}} wurde pausiert',
    behind: '{{flow}} ist im Rückstand, {{count}} warten',
    differences: '{{count}} Datensätze weichen ab in {{flow}}',
    run: 'Der Lauf von {{flow}} hat {{count}} geparkt',
    missed: 'Ein Lauf von {{flow}} ist ausgefallen',
    expiring: 'Ein API-Schlüssel läuft bald ab oder ist gerade abgelaufen',
    credential: 'Zugangsdaten von {{connection}} laufen bald ab oder sind gerade abgelaufen',
  },
}

const fr: AlertWords = {
  began: 'Nouveau',
  ended: 'Terminé',
  passed: 'Passager',
  some: '{{began}} nouveaux, {{ended}} terminés',
  test: 'Un essai',
  testWords: 'Ceci est un essai des alertes de Linchpin. Elles arrivent ici.',
  since: 'depuis {{at}}',
  until: 'de {{from}} à {{at}}',
  open: 'Ouvrir dans Linchpin',
  more: 'Et {{count}} de plus',
  moreWords: 'La place manque ici. Tout se trouve dans Linchpin sous « Ce qui a été dit ».',
  why: 'Dit par la règle « {{rule}} ».',
  event: {
    parked: '{{count}} en attente d’une personne dans {{flow}}',
    trouble: '{{connection}} ne répond pas',
    unread: '{{connection}} ne peut pas être lu',
    login: '{{connection}} refuse notre connexion ou nos réglages',
    restored: '{{connection}} semble avoir été restauré depuis une sauvegarde',
    paused: '{{flow}}{{connection}} a été mis en pause',
    behind: '{{flow}} est en retard, {{count}} attendent',
    differences: '{{count}} enregistrements diffèrent dans {{flow}}',
    run: 'L’exécution de {{flow}} a laissé {{count}} à une personne',
    missed: 'Une exécution de {{flow}} a été manquée',
    expiring: 'Une clé d’API expire bientôt, ou vient d’expirer',
    credential: 'Un accès de {{connection}} expire bientôt, ou vient d’expirer',
  },
}

export const alertWords: Readonly<Record<AlertLanguage, AlertWords>> = { en, de, fr }
