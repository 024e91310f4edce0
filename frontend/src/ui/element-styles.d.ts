// Element ships the styles of its parts as modules without types.
declare module 'element-plus/es/components/*/style/css'
