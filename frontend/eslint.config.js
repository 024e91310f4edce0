import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import globals from 'globals'
import ts from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

/** A floor may not import what stands above it: api < ui < features < app. */
const floor = (files, groups, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: groups, message }] }] },
})

export default ts.config(
  { ignores: ['dist/**', 'node_modules/**', 'components.d.ts', 'src/api/schema.d.ts'] },
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...vue.configs['flat/recommended'],
  ...a11y.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue,js,mjs}'],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: ts.parser, ecmaVersion: 'latest', sourceType: 'module', extraFileExtensions: ['.vue'] },
      globals: { ...globals.browser },
    },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 450 }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off', // types say which props may be left out
      'vue/max-attributes-per-line': 'off', // layout of templates is a matter of reading
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/multi-word-component-names': ['error', { ignores: ['Money', 'Timeline', 'Disclosure'] }],
      // Labels are tied by id across a slot, which this rule cannot see.
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      'vuejs-accessibility/form-control-has-label': 'off', // FormField labels from outside; axe checks the result
      'vuejs-accessibility/no-redundant-roles': 'off', // role=list gives Safari its lists back
    },
  },
  { files: ['**/*.{mjs,js}', '*.config.ts'], languageOptions: { globals: { ...globals.node } }, rules: { 'no-console': 'off' } },
  floor(['src/api/**'], ['@/ui/*', '@/features/*', '@/app/*', '../ui/*', '../features/*', '../app/*'], 'api is the lowest floor.'),
  floor(['src/ui/**'], ['@/features/*', '@/app/*', '**/features/*', '**/app/*'], 'ui knows no feature and no app.'),
  floor(
    ['src/features/**'],
    ['@/features/*', '@/app/*', '**/app/*'],
    'A feature imports ui and api only; what two features share belongs in ui.',
  ),
)
