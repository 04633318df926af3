// Say in words that a passkey did not work (refused, timed out, none on this device), in place of silence.
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  const box = document.getElementById('passkey-error')
  const main = document.getElementById('main')
  if (box && main) {
    main.append(box)
    box.hidden = false
  }
})
