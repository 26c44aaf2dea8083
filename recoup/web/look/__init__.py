"""What all pages share: the page's skeleton, icons, money and times as a person reads them. Decides nothing."""
