export default { title: 'Account', notifications: { title: 'Notifications' } }
