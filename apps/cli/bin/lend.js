// A hook of Node's module loader: whoever asks for a package of Linchpin's, or for zod, gets the one that we use.
let from = ''

export function initialize(given) {
  from = given.from
}

export function resolve(specifier, context, next) {
  const ours = /^(@linchpin\/(connector|mapping|model|lookalike)(\/|$)|zod$)/.test(specifier)
  return ours ? next(specifier, { ...context, parentURL: from }) : next(specifier, context)
}
