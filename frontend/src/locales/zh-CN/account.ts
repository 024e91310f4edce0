export default { title: '账户', notifications: { title: '通知' } }
