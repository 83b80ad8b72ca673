// Finds every `graphql(text, [fragments])` of the page's sources. What cannot be read from the source alone is refused.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** One call: its text and the fragments that it names, as they have to be handed to `graphql`. */
export interface DocumentCall {
  readonly text: string;
  readonly fragments: readonly DocumentCall[];
}

/** A document that is not written as a plain text and a list of names; the build cannot know what it will be. */
export class UnreadableDocumentError extends Error {
  constructor(file: string, line: number, wrong: string) {
    super(
      `${file}:${line}: ${wrong}; write graphql(\`...\`, [Fragment]) with constants of this file or imported ones.`,
    );
    this.name = 'UnreadableDocumentError';
  }
}

/** Of all files under a folder. @throws UnreadableDocumentError */
export function documentCalls(folder: string): readonly DocumentCall[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
  return paths
    .sort()
    .map((path) => join(folder, path))
    .filter((path) => /\bgraphql\(/.test(readFileSync(path, 'utf8')))
    .flatMap((path) => callsOf(sourceOf(path)).map((call) => read(call)));
}

const sourceOf = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);

function callsOf(node: ts.Node): ts.CallExpression[] {
  const inner: ts.CallExpression[] = [];
  node.forEachChild((child) => void inner.push(...callsOf(child)));
  const own = ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'graphql';
  return own ? [node, ...inner] : inner;
}

function read(call: ts.CallExpression): DocumentCall {
  const source = call.getSourceFile();
  const file = source.fileName;
  const line = source.getLineAndCharacterOfPosition(call.getStart()).line + 1;
  const [text, fragments] = call.arguments;
  if (!text || !ts.isStringLiteralLike(text)) throw new UnreadableDocumentError(file, line, 'the text is put together');
  if (fragments && !ts.isArrayLiteralExpression(fragments)) {
    throw new UnreadableDocumentError(file, line, 'the fragments are no list');
  }
  const named = (fragments?.elements ?? []).map((element) => {
    const found = ts.isIdentifier(element) && callNamed(source, element.text);
    if (!found) throw new UnreadableDocumentError(file, line, `the fragment ${element.getText()} is not found`);
    return read(found);
  });
  return { text: text.text, fragments: named };
}

/** The call that a constant of this file, or an imported one, holds. */
function callNamed(source: ts.SourceFile, name: string): ts.CallExpression | undefined {
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      const [found] = statement.declarationList.declarations.filter((one) => one.name.getText() === name);
      if (found?.initializer && ts.isCallExpression(found.initializer)) return found.initializer;
    }
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const names = statement.importClause?.namedBindings;
    if (!names || !ts.isNamedImports(names)) continue;
    const [found] = names.elements.filter((one) => one.name.text === name);
    if (!found) continue;
    const path = resolve(dirname(source.fileName), statement.moduleSpecifier.text);
    return callNamed(sourceOf(path), (found.propertyName ?? found.name).text);
  }
  return undefined;
}
