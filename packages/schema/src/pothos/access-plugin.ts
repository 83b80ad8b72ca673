// Authorisation as part of every field's declaration: checked before the field is resolved, and kept where a test can read it.
import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { Right } from '@tessera/protocol';
import type { GraphQLFieldResolver } from 'graphql';
import { requireRight, type Scope } from '../access.ts';
import type { Context } from '../context.ts';

/**
 * `open`: for everybody, nobody included. `held`: whoever was given the object may read it; its loader asked for the rights.
 * A right: asked of the object's scope before the field is resolved. `checked`: the resolver of a root field asks itself,
 * because it has to find the object first; the text says for what.
 */
export type FieldAccess = 'open' | 'held' | Right | { readonly checked: string };

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      access: AccessPlugin<Types>;
    }
    interface BaseTypeOptions<Types extends SchemaTypes = SchemaTypes> {
      /** What holds for every field of the type that does not say otherwise. */
      access?: 'open' | 'held';
    }
    interface ObjectTypeOptions<Types extends SchemaTypes = SchemaTypes, Shape = unknown> {
      /** Where rights over the object are looked up; needed by fields whose access is a right. */
      scope?: (parent: Shape) => Scope;
    }
    interface FieldOptions {
      access?: FieldAccess;
    }
  }
}

interface TypeFacts {
  readonly access?: 'open' | 'held';
  readonly scope?: (parent: unknown) => Scope;
}

export class AccessPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const access = config.pothosOptions.access ?? this.#typeOf(config).access;
    const declaredCost = config.pothosOptions.complexity !== undefined;
    return { ...config, extensions: { ...config.extensions, access, declaredCost } };
  }

  #typeOf({ parentType }: PothosOutputFieldConfig<Types>): TypeFacts {
    return this.builder.configStore.getTypeConfig(parentType).pothosOptions as TypeFacts;
  }

  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const { access } = config.pothosOptions;
    if (typeof access !== 'string' || access === 'open' || access === 'held') return resolve;
    const { scope } = this.#typeOf(config);
    if (!scope) throw new Error(`${config.parentType}.${config.name} asks for a right, but its type has no scope`);
    return async (parent, args, ctx, info) => {
      await requireRight(ctx as Context, access, scope(parent), config.parentType.toLowerCase());
      return resolve(parent, args, ctx, info);
    };
  }
}

SchemaBuilder.registerPlugin('access', AccessPlugin);
