/** What the compiled schema says about one place. The fields are those of ajv. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** Validates a parsed scaling.yaml; the errors of the last call stand on the function. */
export declare const validateManifest: {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
};

/** JSON Schema draft-07 of scaling.yaml. */
export declare const manifestSchema: Readonly<Record<string, unknown>>;
