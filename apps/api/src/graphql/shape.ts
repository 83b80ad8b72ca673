// The cheap limits of a document, counted before anything that could take long: depth, aliases, directives.
// Fragments count at every place where they are spread, but are walked once: no document can make counting slow.
import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

export interface Shape {
  /** Levels of fields. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: Shape = { depth: 0, aliases: 0, directives: 0 };

/** Over all operations of the document. A fragment inside itself counts as without end. */
export function shapeOf(document: DocumentNode): Shape {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const walker = new Walker(fragments);
  let total = NOTHING;
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const inner =
      node.kind === Kind.FRAGMENT_DEFINITION ? walker.fragment(node.name.value) : walker.selections(node.selectionSet);
    total = {
      depth: Math.max(total.depth, inner.depth),
      aliases: Math.max(total.aliases, inner.aliases),
      directives: Math.max(total.directives, inner.directives + (node.directives?.length ?? 0)),
    };
  }
  return total;
}

class Walker {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #known = new Map<string, Shape | 'open'>();

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#fragments = fragments;
  }

  fragment(name: string): Shape {
    const known = this.#known.get(name);
    if (known === 'open') return { depth: Infinity, aliases: Infinity, directives: Infinity };
    if (known) return known;
    const node = this.#fragments.get(name);
    // Validation names fragments that are not there.
    if (!node) return NOTHING;
    this.#known.set(name, 'open');
    const shape = this.selections(node.selectionSet);
    const counted = { ...shape, directives: shape.directives + (node.directives?.length ?? 0) };
    this.#known.set(name, counted);
    return counted;
  }

  selections(set: SelectionSetNode): Shape {
    let depth = 0;
    let aliases = 0;
    let directives = 0;
    for (const node of set.selections) {
      const isField = node.kind === Kind.FIELD;
      const inner = isField
        ? node.selectionSet
          ? this.selections(node.selectionSet)
          : NOTHING
        : node.kind === Kind.FRAGMENT_SPREAD
          ? this.fragment(node.name.value)
          : this.selections(node.selectionSet);
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
      aliases += inner.aliases + (isField && node.alias ? 1 : 0);
      directives += inner.directives + (node.directives?.length ?? 0);
    }
    return { depth, aliases, directives };
  }
}
