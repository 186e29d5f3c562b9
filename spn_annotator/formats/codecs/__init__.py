"""The program's own formats, a file each; :mod:`spn_annotator.formats.registry` names them."""
