"""Find what a customer reads, renew the catalogues, and say what is not translated yet. Exit 1 when something is not."""

from __future__ import annotations

import sys

import django


def main() -> int:
    django.setup()
    from translating import catalogues
    from translating.sentences import every

    sentences, lacking = every(), 0
    for language in catalogues.LANGUAGES:
        dropped = catalogues.renew(language, sentences)
        missing = catalogues.untranslated(catalogues.read(language))
        lacking += len(missing)
        sys.stdout.write(
            f"{language}: {len(sentences)} sentences, {len(missing)} not translated, {len(dropped)} dropped\n"
        )
        sys.stdout.writelines(f"  write: {each}\n" for each in missing)
        sys.stdout.writelines(f"  dropped: {each}\n" for each in dropped)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
