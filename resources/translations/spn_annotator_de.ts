<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>spn_annotator</name>
    <message>
      <source>&amp;100 %</source>
      <translation>&amp;100 %</translation>
    </message>
    <message>
      <source>&amp;About SPN Annotator</source>
      <translation>Über SPN &amp;Annotator</translation>
    </message>
    <message>
      <source>&amp;Accept</source>
      <translation>&amp;Annehmen</translation>
    </message>
    <message>
      <source>&amp;Add label</source>
      <translation>L&amp;abel hinzufügen</translation>
    </message>
    <message>
      <source>&amp;Affinity of a pixel</source>
      <translation>&amp;Affinität eines Pixels</translation>
    </message>
    <message>
      <source>&amp;Back to the last decision</source>
      <translation>&amp;Zurück zur letzten Entscheidung</translation>
    </message>
    <message>
      <source>&amp;Brightness and contrast…</source>
      <translation>&amp;Helligkeit und Kontrast…</translation>
    </message>
    <message>
      <source>&amp;Brush</source>
      <translation>&amp;Pinsel</translation>
    </message>
    <message>
      <source>&amp;Change keys…</source>
      <translation>Tasten ä&amp;ndern…</translation>
    </message>
    <message>
      <source>&amp;Comments</source>
      <translation>&amp;Kommentare</translation>
    </message>
    <message>
      <source>&amp;Dark</source>
      <translation>&amp;Dunkel</translation>
    </message>
    <message>
      <source>&amp;Drop</source>
      <translation>&amp;Verwerfen</translation>
    </message>
    <message>
      <source>&amp;Edit</source>
      <translation>B&amp;earbeiten</translation>
    </message>
    <message>
      <source>&amp;Eraser</source>
      <translation>Radi&amp;erer</translation>
    </message>
    <message>
      <source>&amp;Everything</source>
      <translation>All&amp;es</translation>
    </message>
    <message>
      <source>&amp;Export labels…</source>
      <translation>Lab&amp;els exportieren…</translation>
    </message>
    <message>
      <source>&amp;Export…</source>
      <translation>&amp;Exportieren…</translation>
    </message>
    <message>
      <source>&amp;File</source>
      <translation>&amp;Datei</translation>
    </message>
    <message>
      <source>&amp;Fill holes</source>
      <translation>Löcher &amp;füllen</translation>
    </message>
    <message>
      <source>&amp;Find a command…</source>
      <translation>Be&amp;fehl suchen…</translation>
    </message>
    <message>
      <source>&amp;Find images</source>
      <translation>&amp;Bilder suchen</translation>
    </message>
    <message>
      <source>&amp;Fit to window</source>
      <translation>In &amp;Fenster einpassen</translation>
    </message>
    <message>
      <source>&amp;Give it the picked label</source>
      <translation>&amp;Gewähltes Label geben</translation>
    </message>
    <message>
      <source>&amp;Guide</source>
      <translation>&amp;Handbuch</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>&amp;Hilfe</translation>
    </message>
    <message>
      <source>&amp;Image</source>
      <translation>B&amp;ild</translation>
    </message>
    <message>
      <source>&amp;Import labels…</source>
      <translation>Labels &amp;importieren…</translation>
    </message>
    <message>
      <source>&amp;Keys</source>
      <translation>&amp;Tasten</translation>
    </message>
    <message>
      <source>&amp;Labels</source>
      <translation>&amp;Labels</translation>
    </message>
    <message>
      <source>&amp;Light</source>
      <translation>H&amp;ell</translation>
    </message>
    <message>
      <source>&amp;Live</source>
      <translation>&amp;Live</translation>
    </message>
    <message>
      <source>&amp;Locked</source>
      <translation>&amp;Gesperrt</translation>
    </message>
    <message>
      <source>&amp;Mark image as accepted</source>
      <translation>Bild als angeno&amp;mmen markieren</translation>
    </message>
    <message>
      <source>&amp;Merge</source>
      <translation>&amp;Verbinden</translation>
    </message>
    <message>
      <source>&amp;Minimap</source>
      <translation>&amp;Übersichtskarte</translation>
    </message>
    <message>
      <source>&amp;Next image</source>
      <translation>&amp;Nächstes Bild</translation>
    </message>
    <message>
      <source>&amp;Objects</source>
      <translation>&amp;Objekte</translation>
    </message>
    <message>
      <source>&amp;Pan</source>
      <translation>&amp;Verschieben</translation>
    </message>
    <message>
      <source>&amp;Panels</source>
      <translation>&amp;Bereiche</translation>
    </message>
    <message>
      <source>&amp;Previous image</source>
      <translation>&amp;Vorheriges Bild</translation>
    </message>
    <message>
      <source>&amp;Quit</source>
      <translation>&amp;Beenden</translation>
    </message>
    <message>
      <source>&amp;Redo</source>
      <translation>&amp;Wiederholen</translation>
    </message>
    <message>
      <source>&amp;Refine</source>
      <translation>Ve&amp;rfeinern</translation>
    </message>
    <message>
      <source>&amp;Rename label</source>
      <translation>&amp;Label umbenennen</translation>
    </message>
    <message>
      <source>&amp;Review proposals</source>
      <translation>Vo&amp;rschläge prüfen</translation>
    </message>
    <message>
      <source>&amp;Save now</source>
      <translation>Jetzt &amp;speichern</translation>
    </message>
    <message>
      <source>&amp;Split into parts</source>
      <translation>&amp;In Teile zerlegen</translation>
    </message>
    <message>
      <source>&amp;Sure strokes</source>
      <translation>&amp;Sichere Striche</translation>
    </message>
    <message>
      <source>&amp;System colours</source>
      <translation>Farben des S&amp;ystems</translation>
    </message>
    <message>
      <source>&amp;Tools</source>
      <translation>&amp;Werkzeuge</translation>
    </message>
    <message>
      <source>&amp;Undo</source>
      <translation>&amp;Rückgängig</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>&amp;Ansicht</translation>
    </message>
    <message>
      <source>&amp;Visible</source>
      <translation>&amp;Sichtbar</translation>
    </message>
    <message>
      <source>&amp;Wand</source>
      <translation>&amp;Zauberstab</translation>
    </message>
    <message>
      <source>&amp;Zoom to object</source>
      <translation>Auf Objekt &amp;zoomen</translation>
    </message>
    <message>
      <source>, locked</source>
      <translation>, gesperrt</translation>
    </message>
    <message>
      <source>, not possible now</source>
      <translation>, jetzt nicht möglich</translation>
    </message>
    <message>
      <source>1/10,000 of the strongest</source>
      <translation>1/10.000 des stärksten</translation>
    </message>
    <message>
      <source>16-bit PNG</source>
      <translation>16-Bit-PNG</translation>
    </message>
    <message>
      <source>16-bit TIFF</source>
      <translation>16-Bit-TIFF</translation>
    </message>
    <message>
      <source>A pen that presses less paints with a smaller brush</source>
      <translation>Ein Stift, der weniger drückt, malt mit kleinerem Pinsel</translation>
    </message>
    <message>
      <source>A&amp;ccept a part</source>
      <translation>&amp;Teil annehmen</translation>
    </message>
    <message>
      <source>About SPN Annotator</source>
      <translation>Über SPN Annotator</translation>
    </message>
    <message>
      <source>Above 1 the shadows become lighter</source>
      <translation>Über 1 werden die Schatten heller</translation>
    </message>
    <message>
      <source>Accept a part of the proposal</source>
      <translation>Teil des Vorschlags annehmen</translation>
    </message>
    <message>
      <source>Accept proposal</source>
      <translation>Vorschlag annehmen</translation>
    </message>
    <message>
      <source>Accepted</source>
      <translation>Angenommen</translation>
    </message>
    <message>
      <source>Accepted a part; the rest is still proposed</source>
      <translation>Ein Teil ist angenommen; der Rest ist weiter vorgeschlagen</translation>
    </message>
    <message>
      <source>Accepted images</source>
      <translation>Angenommene Bilder</translation>
    </message>
    <message>
      <source>Action</source>
      <translation>Aktion</translation>
    </message>
    <message>
      <source>Actions and their keys</source>
      <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>Hinzufügen</translation>
    </message>
    <message>
      <source>Add a label</source>
      <translation>Ein Label hinzufügen</translation>
    </message>
    <message>
      <source>Add label {what}</source>
      <translation>Label {what} hinzufügen</translation>
    </message>
    <message>
      <source>Add the comment (Enter)</source>
      <translation>Kommentar hinzufügen (Enter)</translation>
    </message>
    <message>
      <source>Add the labels of a list, a COCO file or a CVAT task</source>
      <translation>Die Labels einer Liste, einer COCO-Datei oder einer CVAT-Aufgabe hinzufügen</translation>
    </message>
    <message>
      <source>Add {what}</source>
      <translation>{what} hinzufügen</translation>
    </message>
    <message>
      <source>Affinity of pixel {x}, {y}</source>
      <translation>Affinität des Pixels {x}, {y}</translation>
    </message>
    <message>
      <source>Affinity: move the mouse over the image</source>
      <translation>Affinität: Maus über das Bild bewegen</translation>
    </message>
    <message>
      <source>All images</source>
      <translation>Alle Bilder</translation>
    </message>
    <message>
      <source>All images are there, and none has changed.</source>
      <translation>Alle Bilder sind da, und keines wurde verändert.</translation>
    </message>
    <message>
      <source>All labels</source>
      <translation>Alle Labels</translation>
    </message>
    <message>
      <source>All labels of {name} are there already</source>
      <translation>Alle Labels aus {name} gibt es schon</translation>
    </message>
    <message>
      <source>All proposals are reviewed</source>
      <translation>Alle Vorschläge sind geprüft</translation>
    </message>
    <message>
      <source>All that are annotated</source>
      <translation>Alle annotierten</translation>
    </message>
    <message>
      <source>Annotated and not accepted</source>
      <translation>Annotiert und nicht angenommen</translation>
    </message>
    <message>
      <source>Annotated, not accepted, without a proposal</source>
      <translation>Annotiert, nicht angenommen, ohne Vorschlag</translation>
    </message>
    <message>
      <source>As before</source>
      <translation>Wie zuvor</translation>
    </message>
    <message>
      <source>As many as fit</source>
      <translation>So viele wie möglich</translation>
    </message>
    <message>
      <source>At the beginning</source>
      <translation>Am Anfang</translation>
    </message>
    <message>
      <source>Automatic</source>
      <translation>Automatisch</translation>
    </message>
    <message>
      <source>B&amp;igger brush</source>
      <translation>Größerer P&amp;insel</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>Zurück</translation>
    </message>
    <message>
      <source>Backspace</source>
      <translation>Rücktaste</translation>
    </message>
    <message>
      <source>Band</source>
      <translation>Band</translation>
    </message>
    <message>
      <source>Be led through painting, refining, accepting and exporting on the sample project</source>
      <translation>Am Beispielprojekt durch Malen, Verfeinern, Annehmen und Exportieren geführt werden</translation>
    </message>
    <message>
      <source>Binary PNG</source>
      <translation>Binäres PNG</translation>
    </message>
    <message>
      <source>Brightness</source>
      <translation>Helligkeit</translation>
    </message>
    <message>
      <source>Browse…</source>
      <translation>Durchsuchen…</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>Pinsel</translation>
    </message>
    <message>
      <source>Brush size</source>
      <translation>Pinselgröße</translation>
    </message>
    <message>
      <source>Brush size ([ and ], Shift + wheel)</source>
      <translation>Pinselgröße ([ und ], Umschalt + Mausrad)</translation>
    </message>
    <message>
      <source>Brush size in pixels</source>
      <translation>Pinselgröße in Pixeln</translation>
    </message>
    <message>
      <source>By name</source>
      <translation>Nach Name</translation>
    </message>
    <message>
      <source>By name, backwards</source>
      <translation>Nach Name, rückwärts</translation>
    </message>
    <message>
      <source>By status</source>
      <translation>Nach Status</translation>
    </message>
    <message>
      <source>COCO categories (*.json)</source>
      <translation>COCO-Kategorien (*.json)</translation>
    </message>
    <message>
      <source>COCO instances</source>
      <translation>COCO-Instanzen</translation>
    </message>
    <message>
      <source>COCO instances, polygons</source>
      <translation>COCO-Instanzen, Polygone</translation>
    </message>
    <message>
      <source>COCO panoptic</source>
      <translation>COCO panoptisch</translation>
    </message>
    <message>
      <source>CVAT segmentation mask 1.1</source>
      <translation>CVAT-Segmentierungsmaske 1.1</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Canvas</source>
      <translation>Zeichenfläche</translation>
    </message>
    <message>
      <source>Change &amp;colour…</source>
      <translation>&amp;Farbe ändern…</translation>
    </message>
    <message>
      <source>Change &amp;key…</source>
      <translation>&amp;Taste ändern…</translation>
    </message>
    <message>
      <source>Change key</source>
      <translation>Taste ändern</translation>
    </message>
    <message>
      <source>Change keys</source>
      <translation>Tasten ändern</translation>
    </message>
    <message>
      <source>Change keys…</source>
      <translation>Tasten ändern…</translation>
    </message>
    <message>
      <source>Change label {what}</source>
      <translation>Label {what} ändern</translation>
    </message>
    <message>
      <source>Change the colour</source>
      <translation>Farbe ändern</translation>
    </message>
    <message>
      <source>Change {what}</source>
      <translation>{what} ändern</translation>
    </message>
    <message>
      <source>Choose an action, click the field and press the new key.</source>
      <translation>Aktion wählen, ins Feld klicken und die neue Taste drücken.</translation>
    </message>
    <message>
      <source>Choose another colour for the selected label</source>
      <translation>Eine andere Farbe für das gewählte Label wählen</translation>
    </message>
    <message>
      <source>Choose the digit that picks the selected label</source>
      <translation>Die Ziffer wählen, die das gewählte Label aufruft</translation>
    </message>
    <message>
      <source>Cityscapes</source>
      <translation>Cityscapes</translation>
    </message>
    <message>
      <source>Clear strokes</source>
      <translation>Striche löschen</translation>
    </message>
    <message>
      <source>Click an area of one colour</source>
      <translation>Auf eine Fläche einer Farbe klicken</translation>
    </message>
    <message>
      <source>Click an area of one colour in view · more tolerance takes more · Alt erases</source>
      <translation>Auf eine sichtbare Fläche einer Farbe klicken · mehr Toleranz nimmt mehr · Alt radiert</translation>
    </message>
    <message>
      <source>Click an object to go on painting it with its label</source>
      <translation>Auf ein Objekt klicken, um mit seinem Label daran weiterzumalen</translation>
    </message>
    <message>
      <source>Click corners · Return, a double click or the first corner closes · Backspace takes a corner back · Alt at the first erases</source>
      <translation>Ecken klicken · Eingabe, Doppelklick oder die erste Ecke schließt · Rücktaste nimmt eine Ecke zurück · Alt bei der ersten radiert</translation>
    </message>
    <message>
      <source>Click inside the image</source>
      <translation>In das Bild klicken</translation>
    </message>
    <message>
      <source>Click the corners of an outline</source>
      <translation>Die Ecken eines Umrisses klicken</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Close a polygon</source>
      <translation>Vieleck schließen</translation>
    </message>
    <message>
      <source>Close the message</source>
      <translation>Meldung schließen</translation>
    </message>
    <message>
      <source>Close this message</source>
      <translation>Diese Meldung schließen</translation>
    </message>
    <message>
      <source>Close without saving</source>
      <translation>Ohne Speichern schließen</translation>
    </message>
    <message>
      <source>Colour of {name}</source>
      <translation>Farbe von {name}</translation>
    </message>
    <message>
      <source>Command to find</source>
      <translation>Gesuchter Befehl</translation>
    </message>
    <message>
      <source>Commands</source>
      <translation>Befehle</translation>
    </message>
    <message>
      <source>Comment</source>
      <translation>Kommentar</translation>
    </message>
    <message>
      <source>Comments</source>
      <translation>Kommentare</translation>
    </message>
    <message>
      <source>Compare &amp;side by side</source>
      <translation>&amp;Nebeneinander vergleichen</translation>
    </message>
    <message>
      <source>Computing the affinity</source>
      <translation>Das Berechnen der Affinität</translation>
    </message>
    <message>
      <source>Connected</source>
      <translation>Verbunden</translation>
    </message>
    <message>
      <source>Contents</source>
      <translation>Inhalt</translation>
    </message>
    <message>
      <source>Contrast</source>
      <translation>Kontrast</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>Kopieren</translation>
    </message>
    <message>
      <source>Copy the message with its details</source>
      <translation>Meldung mit Einzelheiten kopieren</translation>
    </message>
    <message>
      <source>Ctrl + wheel</source>
      <translation>Strg + Mausrad</translation>
    </message>
    <message>
      <source>Cutting superpixels</source>
      <translation>Das Bilden der Superpixel</translation>
    </message>
    <message>
      <source>D goes on to the next image.</source>
      <translation>D geht zum nächsten Bild.</translation>
    </message>
    <message>
      <source>Dark colours</source>
      <translation>Dunkle Farben</translation>
    </message>
    <message>
      <source>Decide later</source>
      <translation>Später entscheiden</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Einzelheiten</translation>
    </message>
    <message>
      <source>Details of the error</source>
      <translation>Einzelheiten zum Fehler</translation>
    </message>
    <message>
      <source>Deutsch</source>
      <translation>Deutsch</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <source>Diameter of the brush in pixels of the image</source>
      <translation>Durchmesser des Pinsels in Bildpixeln</translation>
    </message>
    <message>
      <source>Display</source>
      <translation>Anzeige</translation>
    </message>
    <message>
      <source>Divide the image into before and after; drag the line between them</source>
      <translation>Das Bild in vorher und nachher teilen; die Linie dazwischen ziehen</translation>
    </message>
    <message>
      <source>Do the step again that was taken back</source>
      <translation>Den zurückgenommenen Schritt wiederholen</translation>
    </message>
    <message>
      <source>Double click</source>
      <translation>Doppelklick</translation>
    </message>
    <message>
      <source>Drag a box</source>
      <translation>Rahmen ziehen</translation>
    </message>
    <message>
      <source>Drag a box and refine what is painted in it</source>
      <translation>Rahmen ziehen und verfeinern, was darin gemalt ist</translation>
    </message>
    <message>
      <source>Drag a box around what to refine</source>
      <translation>Einen Rahmen um das ziehen, was verfeinert wird</translation>
    </message>
    <message>
      <source>Drag a box; it is filled when you let go · Shift: a square · Alt erases</source>
      <translation>Rahmen ziehen; beim Loslassen wird er gefüllt · Umschalt: Quadrat · Alt radiert</translation>
    </message>
    <message>
      <source>Drag a box; what is painted in it is refined when you let go</source>
      <translation>Rahmen ziehen; beim Loslassen wird verfeinert, was darin gemalt ist</translation>
    </message>
    <message>
      <source>Drag a square with the rectangle</source>
      <translation>Mit dem Rechteck ein Quadrat ziehen</translation>
    </message>
    <message>
      <source>Drag around the part of the proposal to accept; the rest stays proposed</source>
      <translation>Den Teil des Vorschlags umfahren, der angenommen wird; der Rest bleibt vorgeschlagen</translation>
    </message>
    <message>
      <source>Drag around what to refine; nothing outside of the line changes</source>
      <translation>Mit gedrückter Taste umfahren, was verfeinert wird; außerhalb der Linie ändert sich nichts</translation>
    </message>
    <message>
      <source>Drag around what you mean; its inside is painted when you let go · Alt erases</source>
      <translation>Umfahren, was gemeint ist; beim Loslassen wird das Innere gemalt · Alt radiert</translation>
    </message>
    <message>
      <source>Drag over superpixels to paint them whole; zoom in for finer ones · Alt erases</source>
      <translation>Über Superpixel ziehen, um sie ganz zu malen; für feinere hineinzoomen · Alt radiert</translation>
    </message>
    <message>
      <source>Drag over what surely belongs to no label · refinement keeps it empty</source>
      <translation>Über das ziehen, was sicher zu keinem Label gehört · die Verfeinerung lässt es leer</translation>
    </message>
    <message>
      <source>Drag over what surely belongs to the label; refinement keeps it · Alt: surely nothing</source>
      <translation>Über das ziehen, was sicher zum Label gehört; die Verfeinerung behält es · Alt: sicher nichts</translation>
    </message>
    <message>
      <source>Drag the image; with any tool, hold Space or drag with the middle button</source>
      <translation>Das Bild ziehen; mit jedem Werkzeug: Leertaste halten oder mittlere Maustaste</translation>
    </message>
    <message>
      <source>Drag to erase labels and strokes · Shift + wheel changes the size</source>
      <translation>Ziehen radiert Labels und Striche · Umschalt + Mausrad ändert die Größe</translation>
    </message>
    <message>
      <source>Drag to move the image · Ctrl + wheel zooms at the cursor</source>
      <translation>Ziehen bewegt das Bild · Strg + Mausrad zoomt am Zeiger</translation>
    </message>
    <message>
      <source>Drag to paint · Alt erases · Shift + wheel changes the size · Esc takes the stroke back</source>
      <translation>Ziehen malt · Alt radiert · Umschalt + Mausrad ändert die Größe · Esc nimmt den Strich zurück</translation>
    </message>
    <message>
      <source>Draw an outline by hand</source>
      <translation>Umriss von Hand zeichnen</translation>
    </message>
    <message>
      <source>Draw around the part of the proposal to accept</source>
      <translation>Den Teil des Vorschlags umfahren, der angenommen wird</translation>
    </message>
    <message>
      <source>Draw around what to refine; nothing outside of the line changes</source>
      <translation>Umfahren, was verfeinert wird; außerhalb der Linie ändert sich nichts</translation>
    </message>
    <message>
      <source>Drop proposal</source>
      <translation>Vorschlag verwerfen</translation>
    </message>
    <message>
      <source>Drop the proposal and mark the image as rejected</source>
      <translation>Vorschlag verwerfen und das Bild als abgelehnt markieren</translation>
    </message>
    <message>
      <source>Drop the proposal, or the stroke or refinement under way; strokes stay</source>
      <translation>Vorschlag, laufenden Strich oder laufende Verfeinerung verwerfen; Striche bleiben</translation>
    </message>
    <message>
      <source>Dropped; the strokes are still there</source>
      <translation>Verworfen; die Striche sind noch da</translation>
    </message>
    <message>
      <source>Editing</source>
      <translation>Bearbeiten</translation>
    </message>
    <message>
      <source>End</source>
      <translation>Beenden</translation>
    </message>
    <message>
      <source>End the first steps; the menu Help shows them again</source>
      <translation>Die ersten Schritte beenden; das Menü Hilfe zeigt sie wieder</translation>
    </message>
    <message>
      <source>English</source>
      <translation>English</translation>
    </message>
    <message>
      <source>Erase</source>
      <translation>Radieren</translation>
    </message>
    <message>
      <source>Erase labels and strokes</source>
      <translation>Labels und Striche radieren</translation>
    </message>
    <message>
      <source>Erase with the brush and with every outline</source>
      <translation>Mit dem Pinsel und jedem Umriss radieren</translation>
    </message>
    <message>
      <source>Error</source>
      <translation>Fehler</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Exportieren</translation>
    </message>
    <message>
      <source>Export labels</source>
      <translation>Labels exportieren</translation>
    </message>
    <message>
      <source>Export to</source>
      <translation>Exportieren nach</translation>
    </message>
    <message>
      <source>Exporting</source>
      <translation>Das Exportieren</translation>
    </message>
    <message>
      <source>Fi&amp;nd missing images…</source>
      <translation>Fe&amp;hlende Bilder suchen…</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>File found</source>
      <translation>Gefundene Datei</translation>
    </message>
    <message>
      <source>File of the selected image</source>
      <translation>Datei des ausgewählten Bildes</translation>
    </message>
    <message>
      <source>File or folder to import</source>
      <translation>Zu importierende Datei oder Ordner</translation>
    </message>
    <message>
      <source>File or folder with annotations</source>
      <translation>Datei oder Ordner mit Annotationen</translation>
    </message>
    <message>
      <source>Files were found for {n} image.</source>
      <translation>Für {n} Bild wurden Dateien gefunden.</translation>
    </message>
    <message>
      <source>Files were found for {n} images.</source>
      <translation>Für {n} Bilder wurden Dateien gefunden.</translation>
    </message>
    <message>
      <source>File…</source>
      <translation>Datei…</translation>
    </message>
    <message>
      <source>Fill holes of {what}</source>
      <translation>Löcher von {what} füllen</translation>
    </message>
    <message>
      <source>Fill what the chosen objects enclose, but for other objects</source>
      <translation>Füllen, was die gewählten Objekte umschließen, außer anderen Objekten</translation>
    </message>
    <message>
      <source>Fill {what}</source>
      <translation>{what} füllen</translation>
    </message>
    <message>
      <source>Fill, outline or &amp;hidden</source>
      <translation>&amp;Gefüllt, Umriss oder verborgen</translation>
    </message>
    <message>
      <source>Filled</source>
      <translation>Gefüllt</translation>
    </message>
    <message>
      <source>Filling</source>
      <translation>Das Füllen</translation>
    </message>
    <message>
      <source>Filter the images by name</source>
      <translation>Bilder nach Namen filtern</translation>
    </message>
    <message>
      <source>Filtering the images</source>
      <translation>Das Filtern der Bilder</translation>
    </message>
    <message>
      <source>Find a command</source>
      <translation>Befehl suchen</translation>
    </message>
    <message>
      <source>Find an action or a key</source>
      <translation>Aktion oder Taste suchen</translation>
    </message>
    <message>
      <source>Find by name</source>
      <translation>Nach Name suchen</translation>
    </message>
    <message>
      <source>Find images by name</source>
      <translation>Bilder nach Namen suchen</translation>
    </message>
    <message>
      <source>Find in the guide</source>
      <translation>Im Handbuch suchen</translation>
    </message>
    <message>
      <source>Find missing images</source>
      <translation>Fehlende Bilder suchen</translation>
    </message>
    <message>
      <source>Find the file…</source>
      <translation>Datei suchen…</translation>
    </message>
    <message>
      <source>Finishing what is being refined…</source>
      <translation>Begonnene Verfeinerungen werden beendet…</translation>
    </message>
    <message>
      <source>First &amp;steps</source>
      <translation>Erste &amp;Schritte</translation>
    </message>
    <message>
      <source>First steps</source>
      <translation>Erste Schritte</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Ordner</translation>
    </message>
    <message>
      <source>Folder to export to</source>
      <translation>Zielordner des Exports</translation>
    </message>
    <message>
      <source>Folder to search</source>
      <translation>Ordner, der durchsucht wird</translation>
    </message>
    <message>
      <source>Folder…</source>
      <translation>Ordner…</translation>
    </message>
    <message>
      <source>Follow the system's light or dark scheme</source>
      <translation>Dem hellen oder dunklen Schema des Systems folgen</translation>
    </message>
    <message>
      <source>For a few lines instead of rough areas: what has no stroke is left to the model</source>
      <translation>Für wenige Linien statt grober Flächen: was keinen Strich hat, bleibt dem Modell überlassen</translation>
    </message>
    <message>
      <source>For display only; the image stays as it is</source>
      <translation>Nur für die Anzeige; das Bild bleibt, wie es ist</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>Format</translation>
    </message>
    <message>
      <source>Formats</source>
      <translation>Formate</translation>
    </message>
    <message>
      <source>Gamma</source>
      <translation>Gamma</translation>
    </message>
    <message>
      <source>Give actions other keys</source>
      <translation>Aktionen andere Tasten geben</translation>
    </message>
    <message>
      <source>Give the action the keys that it came with</source>
      <translation>Der Aktion ihre ursprünglichen Tasten geben</translation>
    </message>
    <message>
      <source>Give the action this key besides the ones it has</source>
      <translation>Der Aktion diese Taste zusätzlich geben</translation>
    </message>
    <message>
      <source>Give the chosen object a name of its own</source>
      <translation>Dem gewählten Objekt einen eigenen Namen geben</translation>
    </message>
    <message>
      <source>Give the key to this action and take it from the other</source>
      <translation>Die Taste dieser Aktion geben und der anderen nehmen</translation>
    </message>
    <message>
      <source>Go back to the label used before this one</source>
      <translation>Zum zuvor benutzten Label zurück</translation>
    </message>
    <message>
      <source>Go on with the annotations in the files shown</source>
      <translation>Mit den Annotationen in den gezeigten Dateien weitermachen</translation>
    </message>
    <message>
      <source>Go on with the label and object that is clicked</source>
      <translation>Mit dem angeklickten Label und Objekt weitermachen</translation>
    </message>
    <message>
      <source>Go on without doing this one</source>
      <translation>Weitergehen, ohne diesen zu tun</translation>
    </message>
    <message>
      <source>Go through stored proposals, the least certain first, to accept or reject them</source>
      <translation>Gespeicherte Vorschläge durchgehen, die unsichersten zuerst, und annehmen oder ablehnen</translation>
    </message>
    <message>
      <source>Go to the image after this one</source>
      <translation>Zum Bild nach diesem</translation>
    </message>
    <message>
      <source>Go to the image before this one</source>
      <translation>Zum Bild vor diesem</translation>
    </message>
    <message>
      <source>Go to the next image that nobody has worked on</source>
      <translation>Zum nächsten Bild, an dem noch niemand gearbeitet hat</translation>
    </message>
    <message>
      <source>Going on with {name}</source>
      <translation>Weiter mit {name}</translation>
    </message>
    <message>
      <source>Guide</source>
      <translation>Handbuch</translation>
    </message>
    <message>
      <source>Header</source>
      <translation>Kopfleiste</translation>
    </message>
    <message>
      <source>Help</source>
      <translation>Hilfe</translation>
    </message>
    <message>
      <source>Hidden</source>
      <translation>Verborgen</translation>
    </message>
    <message>
      <source>Hide</source>
      <translation>Verbergen</translation>
    </message>
    <message>
      <source>Histor&amp;y</source>
      <translation>&amp;Verlauf</translation>
    </message>
    <message>
      <source>History</source>
      <translation>Verlauf</translation>
    </message>
    <message>
      <source>Hold Alt</source>
      <translation>Alt halten</translation>
    </message>
    <message>
      <source>Hold Shift</source>
      <translation>Umschalt halten</translation>
    </message>
    <message>
      <source>Hold the key left of 1</source>
      <translation>Taste links der 1 halten</translation>
    </message>
    <message>
      <source>How far from a painted border pixels may move</source>
      <translation>Wie weit Pixel von einem gemalten Rand wandern dürfen</translation>
    </message>
    <message>
      <source>How it works and how it is shown</source>
      <translation>Wie es arbeitet und wie es gezeigt wird</translation>
    </message>
    <message>
      <source>How much a colour may differ from the pixel clicked</source>
      <translation>Wie weit eine Farbe vom angeklickten Pixel abweichen darf</translation>
    </message>
    <message>
      <source>How much of the model's result is taken; less moves only what it is sure of</source>
      <translation>Wie viel vom Ergebnis des Modells übernommen wird; weniger bewegt nur, was sicher ist</translation>
    </message>
    <message>
      <source>How to re&amp;fine…</source>
      <translation>Wie ver&amp;feinern…</translation>
    </message>
    <message>
      <source>Hugging Face imagefolder</source>
      <translation>Hugging Face imagefolder</translation>
    </message>
    <message>
      <source>I&amp;mport annotations…</source>
      <translation>Annotationen i&amp;mportieren…</translation>
    </message>
    <message>
      <source>Image</source>
      <translation>Bild</translation>
    </message>
    <message>
      <source>Images</source>
      <translation>Bilder</translation>
    </message>
    <message>
      <source>Images ({patterns})</source>
      <translation>Bilder ({patterns})</translation>
    </message>
    <message>
      <source>Images accepted</source>
      <translation>Angenommene Bilder</translation>
    </message>
    <message>
      <source>Images and the files found for them</source>
      <translation>Bilder und die dafür gefundenen Dateien</translation>
    </message>
    <message>
      <source>Images that were worked on</source>
      <translation>Bearbeitete Bilder</translation>
    </message>
    <message>
      <source>Import</source>
      <translation>Importieren</translation>
    </message>
    <message>
      <source>Import annotations</source>
      <translation>Annotationen importieren</translation>
    </message>
    <message>
      <source>Import from</source>
      <translation>Importieren aus</translation>
    </message>
    <message>
      <source>Import labels</source>
      <translation>Labels importieren</translation>
    </message>
    <message>
      <source>Import mask</source>
      <translation>Maske importieren</translation>
    </message>
    <message>
      <source>Imported: {images}, {objects}</source>
      <translation>Importiert: {images}, {objects}</translation>
    </message>
    <message>
      <source>Importing</source>
      <translation>Das Importieren</translation>
    </message>
    <message>
      <source>In a review, go back to the last image and take the decision back</source>
      <translation>Beim Prüfen zum letzten Bild zurück und die Entscheidung zurücknehmen</translation>
    </message>
    <message>
      <source>Indexed PNG</source>
      <translation>Indiziertes PNG</translation>
    </message>
    <message>
      <source>Its annotations are kept and wait until the file is found.</source>
      <translation>Die Annotationen bleiben erhalten und warten, bis die Datei gefunden ist.</translation>
    </message>
    <message>
      <source>Keep what is painted with the selected label from changing</source>
      <translation>Vor Änderung schützen, was mit dem gewählten Label gemalt ist</translation>
    </message>
    <message>
      <source>Key of {name}:</source>
      <translation>Taste von {name}:</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>Tasten</translation>
    </message>
    <message>
      <source>L&amp;asso</source>
      <translation>L&amp;asso</translation>
    </message>
    <message>
      <source>Label &amp;0</source>
      <translation>Label &amp;0</translation>
    </message>
    <message>
      <source>Label &amp;1</source>
      <translation>Label &amp;1</translation>
    </message>
    <message>
      <source>Label &amp;2</source>
      <translation>Label &amp;2</translation>
    </message>
    <message>
      <source>Label &amp;3</source>
      <translation>Label &amp;3</translation>
    </message>
    <message>
      <source>Label &amp;4</source>
      <translation>Label &amp;4</translation>
    </message>
    <message>
      <source>Label &amp;5</source>
      <translation>Label &amp;5</translation>
    </message>
    <message>
      <source>Label &amp;6</source>
      <translation>Label &amp;6</translation>
    </message>
    <message>
      <source>Label &amp;7</source>
      <translation>Label &amp;7</translation>
    </message>
    <message>
      <source>Label &amp;8</source>
      <translation>Label &amp;8</translation>
    </message>
    <message>
      <source>Label &amp;9</source>
      <translation>Label &amp;9</translation>
    </message>
    <message>
      <source>Label that images must have</source>
      <translation>Label, das Bilder haben müssen</translation>
    </message>
    <message>
      <source>Label under the mouse</source>
      <translation>Label unter der Maus</translation>
    </message>
    <message>
      <source>Labels</source>
      <translation>Labels</translation>
    </message>
    <message>
      <source>Labels are drawn: {how}</source>
      <translation>Labels werden gezeichnet: {how}</translation>
    </message>
    <message>
      <source>Labels for CVAT (*.json)</source>
      <translation>Labels für CVAT (*.json)</translation>
    </message>
    <message>
      <source>Labels that come first where objects overlap</source>
      <translation>Labels, die bei überlappenden Objekten vorgehen</translation>
    </message>
    <message>
      <source>Labels written to {name}</source>
      <translation>Labels nach {name} geschrieben</translation>
    </message>
    <message>
      <source>Language of the system</source>
      <translation>Sprache des Systems</translation>
    </message>
    <message>
      <source>Largest first</source>
      <translation>Größte zuerst</translation>
    </message>
    <message>
      <source>Last refinement</source>
      <translation>Letzte Verfeinerung</translation>
    </message>
    <message>
      <source>Least certain first</source>
      <translation>Unsicherste zuerst</translation>
    </message>
    <message>
      <source>Left out: {name}: {reason}</source>
      <translation>Ausgelassen: {name}: {reason}</translation>
    </message>
    <message>
      <source>Legend of the affinity view</source>
      <translation>Legende der Affinitätsansicht</translation>
    </message>
    <message>
      <source>Let the model move the painted borders to the edges in the image</source>
      <translation>Das Modell die gemalten Ränder an die Kanten im Bild rücken lassen</translation>
    </message>
    <message>
      <source>Let the next stroke begin another object of the label</source>
      <translation>Der nächste Strich beginnt ein weiteres Objekt des Labels</translation>
    </message>
    <message>
      <source>Light colours</source>
      <translation>Helle Farben</translation>
    </message>
    <message>
      <source>Link {n} image</source>
      <translation>{n} Bild verknüpfen</translation>
    </message>
    <message>
      <source>Link {n} images</source>
      <translation>{n} Bilder verknüpfen</translation>
    </message>
    <message>
      <source>Linking</source>
      <translation>Das Verknüpfen</translation>
    </message>
    <message>
      <source>List of labels (*.json)</source>
      <translation>Liste von Labels (*.json)</translation>
    </message>
    <message>
      <source>List of labels (*.yaml *.yml)</source>
      <translation>Liste von Labels (*.yaml *.yml)</translation>
    </message>
    <message>
      <source>Lists of labels ({patterns})</source>
      <translation>Listen von Labels ({patterns})</translation>
    </message>
    <message>
      <source>Loading the model</source>
      <translation>Das Laden des Modells</translation>
    </message>
    <message>
      <source>Loading the model…</source>
      <translation>Das Modell wird geladen…</translation>
    </message>
    <message>
      <source>Lock: painting and refining leave it as it is</source>
      <translation>Sperren: Malen und Verfeinern lassen es, wie es ist</translation>
    </message>
    <message>
      <source>Look and accept</source>
      <translation>Ansehen und annehmen</translation>
    </message>
    <message>
      <source>Look for images that are missing or have changed, and say where they are now</source>
      <translation>Fehlende oder veränderte Bilder suchen und angeben, wo sie jetzt liegen</translation>
    </message>
    <message>
      <source>Looking at the files of the images…</source>
      <translation>Die Dateien der Bilder werden geprüft…</translation>
    </message>
    <message>
      <source>Looking at the images</source>
      <translation>Das Prüfen der Bilder</translation>
    </message>
    <message>
      <source>Loses: {what}</source>
      <translation>Verliert: {what}</translation>
    </message>
    <message>
      <source>Make each connected part of the chosen objects an object of its own</source>
      <translation>Jeden zusammenhängenden Teil der gewählten Objekte zu einem eigenen Objekt machen</translation>
    </message>
    <message>
      <source>Make the brush bigger, also with Shift and the wheel</source>
      <translation>Den Pinsel größer machen, auch mit Umschalt und Mausrad</translation>
    </message>
    <message>
      <source>Make the brush smaller, also with Shift and the wheel</source>
      <translation>Den Pinsel kleiner machen, auch mit Umschalt und Mausrad</translation>
    </message>
    <message>
      <source>Make the chosen objects objects of the label that is painted with</source>
      <translation>Die gewählten Objekte zu Objekten des Labels machen, mit dem gemalt wird</translation>
    </message>
    <message>
      <source>Make the chosen objects one: the first of them</source>
      <translation>Die gewählten Objekte zu einem machen: dem ersten</translation>
    </message>
    <message>
      <source>Make the image on the screen brighter or clearer; the file stays as it is</source>
      <translation>Das Bild am Schirm heller oder deutlicher machen; die Datei bleibt, wie sie ist</translation>
    </message>
    <message>
      <source>Mark surely nothing</source>
      <translation>Als sicher nichts markieren</translation>
    </message>
    <message>
      <source>Mark surely {what}</source>
      <translation>Als sicher {what} markieren</translation>
    </message>
    <message>
      <source>Mark the image as finished, or as in progress again</source>
      <translation>Das Bild als fertig markieren oder wieder als in Arbeit</translation>
    </message>
    <message>
      <source>Marked as accepted</source>
      <translation>Als angenommen markiert</translation>
    </message>
    <message>
      <source>Marked as in progress</source>
      <translation>Als in Arbeit markiert</translation>
    </message>
    <message>
      <source>Merge into {what}</source>
      <translation>Zu {what} verbinden</translation>
    </message>
    <message>
      <source>Message</source>
      <translation>Meldung</translation>
    </message>
    <message>
      <source>Middle drag</source>
      <translation>Mit mittlerer Taste ziehen</translation>
    </message>
    <message>
      <source>Minimap</source>
      <translation>Übersichtskarte</translation>
    </message>
    <message>
      <source>Minimap: click or drag to move the view</source>
      <translation>Übersichtskarte: klicken oder ziehen bewegt die Ansicht</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>Model file</source>
      <translation>Modelldatei</translation>
    </message>
    <message>
      <source>More about the list of labels</source>
      <translation>Mehr zur Liste der Labels</translation>
    </message>
    <message>
      <source>More tools</source>
      <translation>Weitere Werkzeuge</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Name of the label</source>
      <translation>Name des Labels</translation>
    </message>
    <message>
      <source>Name of the object</source>
      <translation>Name des Objekts</translation>
    </message>
    <message>
      <source>New &amp;object</source>
      <translation>Neues &amp;Objekt</translation>
    </message>
    <message>
      <source>New key</source>
      <translation>Neue Taste</translation>
    </message>
    <message>
      <source>Next image &amp;to do</source>
      <translation>Nächs&amp;tes offenes Bild</translation>
    </message>
    <message>
      <source>Next step</source>
      <translation>Nächster Schritt</translation>
    </message>
    <message>
      <source>No command has these letters in this order.</source>
      <translation>Kein Befehl hat diese Buchstaben in dieser Folge.</translation>
    </message>
    <message>
      <source>No comments on this image.</source>
      <translation>Keine Kommentare zu diesem Bild.</translation>
    </message>
    <message>
      <source>No image is like that. Show all of them with ×.</source>
      <translation>Kein Bild ist so. × zeigt wieder alle.</translation>
    </message>
    <message>
      <source>No images in this folder</source>
      <translation>Keine Bilder in diesem Ordner</translation>
    </message>
    <message>
      <source>No key</source>
      <translation>Keine Taste</translation>
    </message>
    <message>
      <source>No label is called {names}</source>
      <translation>Kein Label heißt {names}</translation>
    </message>
    <message>
      <source>No labels yet.
Add one to begin to paint, or drop a list of labels here.</source>
      <translation>Noch keine Labels.
Fügen Sie eines hinzu, um zu malen, oder legen Sie hier eine Liste von Labels ab.</translation>
    </message>
    <message>
      <source>No objects yet.
Paint one, or pick another label.</source>
      <translation>Noch keine Objekte.
Eines malen oder ein anderes Label wählen.</translation>
    </message>
    <message>
      <source>No part is so small</source>
      <translation>Kein Teil ist so klein</translation>
    </message>
    <message>
      <source>None: leave it as it is</source>
      <translation>Keine: lassen, wie es ist</translation>
    </message>
    <message>
      <source>Not saved</source>
      <translation>Nicht gespeichert</translation>
    </message>
    <message>
      <source>Not saved yet</source>
      <translation>Noch nicht gespeichert</translation>
    </message>
    <message>
      <source>Nothing can be saved: {reason}</source>
      <translation>Es kann nichts gespeichert werden: {reason}</translation>
    </message>
    <message>
      <source>Nothing is painted there</source>
      <translation>Dort ist nichts gemalt</translation>
    </message>
    <message>
      <source>Nothing is proposed there</source>
      <translation>Dort ist nichts vorgeschlagen</translation>
    </message>
    <message>
      <source>Nothing to count: open an image and add labels.</source>
      <translation>Nichts zu zählen: ein Bild öffnen und Labels hinzufügen.</translation>
    </message>
    <message>
      <source>Nothing was found there. Name another folder to search.</source>
      <translation>Dort wurde nichts gefunden. Nennen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <source>Nothing was to fill</source>
      <translation>Es war nichts zu füllen</translation>
    </message>
    <message>
      <source>Nothing was to smooth</source>
      <translation>Es war nichts zu glätten</translation>
    </message>
    <message>
      <source>Nothing would change</source>
      <translation>Nichts würde sich ändern</translation>
    </message>
    <message>
      <source>NumPy NPZ</source>
      <translation>NumPy NPZ</translation>
    </message>
    <message>
      <source>Objects</source>
      <translation>Objekte</translation>
    </message>
    <message>
      <source>Objects overlapped: {pixels} in {images}</source>
      <translation>Objekte haben sich überlappt: {pixels} in {images}</translation>
    </message>
    <message>
      <source>On to the next image</source>
      <translation>Weiter zum nächsten Bild</translation>
    </message>
    <message>
      <source>One could not be saved ({when} UTC) and was kept aside. Since then the image was saved in the project. The one you do not use is gone afterwards.</source>
      <translation>Eine konnte nicht gespeichert werden ({when} UTC) und wurde beiseitegelegt. Seitdem wurde das Bild im Projekt gespeichert. Die nicht verwendete ist danach verloren.</translation>
    </message>
    <message>
      <source>One image was painted on since the run began</source>
      <translation>An einem Bild wurde seit Beginn gemalt</translation>
    </message>
    <message>
      <source>Only what hangs together with the pixel clicked</source>
      <translation>Nur was mit dem angeklickten Pixel zusammenhängt</translation>
    </message>
    <message>
      <source>Opacity of the labels</source>
      <translation>Deckkraft der Labels</translation>
    </message>
    <message>
      <source>Open &amp;folder…</source>
      <translation>Ordner ö&amp;ffnen…</translation>
    </message>
    <message>
      <source>Open &amp;image…</source>
      <translation>B&amp;ild öffnen…</translation>
    </message>
    <message>
      <source>Open &amp;recent</source>
      <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
      <source>Open a folder of images as a project</source>
      <translation>Einen Ordner mit Bildern als Projekt öffnen</translation>
    </message>
    <message>
      <source>Open a folder of images, or drop one here. Paint roughly, press R, and the model moves the borders to the edges in the image.</source>
      <translation>Öffnen Sie einen Ordner mit Bildern oder ziehen Sie ihn hierher. Grob malen, R drücken, und das Modell rückt die Ränder an die Kanten im Bild.</translation>
    </message>
    <message>
      <source>Open a small project of photographs with strokes to try things on</source>
      <translation>Ein kleines Projekt mit Fotos und Strichen zum Ausprobieren öffnen</translation>
    </message>
    <message>
      <source>Open folder</source>
      <translation>Ordner öffnen</translation>
    </message>
    <message>
      <source>Open image</source>
      <translation>Bild öffnen</translation>
    </message>
    <message>
      <source>Open one image; its folder becomes the project</source>
      <translation>Ein Bild öffnen; sein Ordner wird zum Projekt</translation>
    </message>
    <message>
      <source>Open sam&amp;ple project</source>
      <translation>Beis&amp;pielprojekt öffnen</translation>
    </message>
    <message>
      <source>Opened before</source>
      <translation>Früher geöffnet</translation>
    </message>
    <message>
      <source>Opening</source>
      <translation>Das Öffnen</translation>
    </message>
    <message>
      <source>Opening of {name}</source>
      <translation>Das Öffnen von {name}</translation>
    </message>
    <message>
      <source>Opening {name}</source>
      <translation>{name} wird geöffnet</translation>
    </message>
    <message>
      <source>Order of the images</source>
      <translation>Reihenfolge der Bilder</translation>
    </message>
    <message>
      <source>Other file</source>
      <translation>Andere Datei</translation>
    </message>
    <message>
      <source>Other file…</source>
      <translation>Andere Datei…</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>Umrisse</translation>
    </message>
    <message>
      <source>Overview</source>
      <translation>Überblick</translation>
    </message>
    <message>
      <source>Paint roughly</source>
      <translation>Grob malen</translation>
    </message>
    <message>
      <source>Paint small areas that follow the edges of the image</source>
      <translation>Kleine Flächen malen, die den Kanten im Bild folgen</translation>
    </message>
    <message>
      <source>Paint the selected label; hold Alt to erase</source>
      <translation>Das gewählte Label malen; Alt halten zum Radieren</translation>
    </message>
    <message>
      <source>Paint with {label}</source>
      <translation>Mit {label} malen</translation>
    </message>
    <message>
      <source>Paint {what}</source>
      <translation>{what} malen</translation>
    </message>
    <message>
      <source>Pan</source>
      <translation>Verschieben</translation>
    </message>
    <message>
      <source>Pascal VOC</source>
      <translation>Pascal VOC</translation>
    </message>
    <message>
      <source>Pic&amp;k</source>
      <translation>Aufneh&amp;men</translation>
    </message>
    <message>
      <source>Pick a label at the right and drag over something in the picture. The brush is {tool_brush}, its size {brush_smaller} and {brush_bigger}; nothing has to be exact.</source>
      <translation>Wählen Sie rechts ein Label und ziehen Sie über etwas im Bild. Der Pinsel ist {tool_brush}, seine Größe {brush_smaller} und {brush_bigger}; nichts muss genau sein.</translation>
    </message>
    <message>
      <source>Pictures alone</source>
      <translation>Nur Bilder</translation>
    </message>
    <message>
      <source>Pictures that the project does not have yet are copied into its folder. Labels are matched by name.</source>
      <translation>Bilder, die das Projekt noch nicht hat, werden in seinen Ordner kopiert. Labels werden nach Namen zugeordnet.</translation>
    </message>
    <message>
      <source>Pixel &amp;grid</source>
      <translation>&amp;Pixelraster</translation>
    </message>
    <message>
      <source>PixelAnnotationTool</source>
      <translation>PixelAnnotationTool</translation>
    </message>
    <message>
      <source>Pixels</source>
      <translation>Pixel</translation>
    </message>
    <message>
      <source>Pixels or objects of each label</source>
      <translation>Pixel oder Objekte jedes Labels</translation>
    </message>
    <message>
      <source>Place among the images</source>
      <translation>Platz unter den Bildern</translation>
    </message>
    <message>
      <source>Po&amp;lygon</source>
      <translation>Vie&amp;leck</translation>
    </message>
    <message>
      <source>Position</source>
      <translation>Position</translation>
    </message>
    <message>
      <source>Press {export} and choose what other programs shall read, and where it goes.</source>
      <translation>Drücken Sie {export} und wählen Sie, was andere Programme lesen sollen und wohin es kommt.</translation>
    </message>
    <message>
      <source>Press {next_image}. Everything is saved by itself.</source>
      <translation>Drücken Sie {next_image}. Alles wird von selbst gespeichert.</translation>
    </message>
    <message>
      <source>Press {refine}. The model moves the borders to the edges in the picture.</source>
      <translation>Drücken Sie {refine}. Das Modell schiebt die Ränder auf die Kanten im Bild.</translation>
    </message>
    <message>
      <source>Pressure</source>
      <translation>Druck</translation>
    </message>
    <message>
      <source>Problem</source>
      <translation>Problem</translation>
    </message>
    <message>
      <source>Processes</source>
      <translation>Prozesse</translation>
    </message>
    <message>
      <source>Project</source>
      <translation>Projekt</translation>
    </message>
    <message>
      <source>Proposal</source>
      <translation>Vorschlag</translation>
    </message>
    <message>
      <source>Proposal, {percent} % sure</source>
      <translation>Vorschlag, zu {percent} % sicher</translation>
    </message>
    <message>
      <source>R&amp;ulers</source>
      <translation>&amp;Lineale</translation>
    </message>
    <message>
      <source>Radius in pixels:</source>
      <translation>Radius in Pixeln:</translation>
    </message>
    <message>
      <source>Re&amp;fine inside a line</source>
      <translation>Innerhalb einer Linie ver&amp;feinern</translation>
    </message>
    <message>
      <source>Re&amp;ject</source>
      <translation>&amp;Ablehnen</translation>
    </message>
    <message>
      <source>Re&amp;move label</source>
      <translation>Label entfe&amp;rnen</translation>
    </message>
    <message>
      <source>Re&amp;view</source>
      <translation>&amp;Prüfen</translation>
    </message>
    <message>
      <source>Read how everything is done</source>
      <translation>Nachlesen, wie alles geht</translation>
    </message>
    <message>
      <source>Reading comments</source>
      <translation>Das Lesen der Kommentare</translation>
    </message>
    <message>
      <source>Reading of {name}</source>
      <translation>Das Lesen von {name}</translation>
    </message>
    <message>
      <source>Reading {name}</source>
      <translation>{name} wird gelesen</translation>
    </message>
    <message>
      <source>Recognise the format</source>
      <translation>Format erkennen</translation>
    </message>
    <message>
      <source>Rectan&amp;gle</source>
      <translation>&amp;Rechteck</translation>
    </message>
    <message>
      <source>Redone: {step}</source>
      <translation>Wiederholt: {step}</translation>
    </message>
    <message>
      <source>Refine</source>
      <translation>Verfeinern</translation>
    </message>
    <message>
      <source>Refine &amp;many images…</source>
      <translation>Viele Bil&amp;der verfeinern…</translation>
    </message>
    <message>
      <source>Refine a &amp;region</source>
      <translation>&amp;Bereich verfeinern</translation>
    </message>
    <message>
      <source>Refine all that is painted</source>
      <translation>Alles Gemalte verfeinern</translation>
    </message>
    <message>
      <source>Refine by itself after each stroke</source>
      <translation>Nach jedem Strich von selbst verfeinern</translation>
    </message>
    <message>
      <source>Refine many images</source>
      <translation>Viele Bilder verfeinern</translation>
    </message>
    <message>
      <source>Refine the annotated images of the project while you go on; results are proposals</source>
      <translation>Die annotierten Bilder des Projekts verfeinern, während Sie weiterarbeiten; Ergebnisse sind Vorschläge</translation>
    </message>
    <message>
      <source>Refine the object that the next stroke goes on with</source>
      <translation>Das Objekt verfeinern, an dem der nächste Strich weitermalt</translation>
    </message>
    <message>
      <source>Refine the objects of the selected label alone</source>
      <translation>Nur die Objekte des gewählten Labels verfeinern</translation>
    </message>
    <message>
      <source>Refine what is in view; nothing else changes</source>
      <translation>Verfeinern, was zu sehen ist; sonst ändert sich nichts</translation>
    </message>
    <message>
      <source>Refinement</source>
      <translation>Verfeinerung</translation>
    </message>
    <message>
      <source>Refinement cancelled</source>
      <translation>Verfeinerung abgebrochen</translation>
    </message>
    <message>
      <source>Refining</source>
      <translation>Das Verfeinern</translation>
    </message>
    <message>
      <source>Refining…</source>
      <translation>Wird verfeinert…</translation>
    </message>
    <message>
      <source>Reject proposal</source>
      <translation>Vorschlag ablehnen</translation>
    </message>
    <message>
      <source>Rejected</source>
      <translation>Abgelehnt</translation>
    </message>
    <message>
      <source>Remo&amp;ve</source>
      <translation>&amp;Entfernen</translation>
    </message>
    <message>
      <source>Remove &amp;islands…</source>
      <translation>Inseln entfe&amp;rnen…</translation>
    </message>
    <message>
      <source>Remove connected parts of fewer pixels than:</source>
      <translation>Zusammenhängende Teile entfernen mit weniger Pixeln als:</translation>
    </message>
    <message>
      <source>Remove islands</source>
      <translation>Inseln entfernen</translation>
    </message>
    <message>
      <source>Remove islands of {what}</source>
      <translation>Inseln von {what} entfernen</translation>
    </message>
    <message>
      <source>Remove label {what}</source>
      <translation>Label {what} entfernen</translation>
    </message>
    <message>
      <source>Remove the chosen objects from the image</source>
      <translation>Die gewählten Objekte aus dem Bild entfernen</translation>
    </message>
    <message>
      <source>Remove the selected label and what is painted with it in this image</source>
      <translation>Das gewählte Label und alles damit Gemalte in diesem Bild entfernen</translation>
    </message>
    <message>
      <source>Remove {what}</source>
      <translation>{what} entfernen</translation>
    </message>
    <message>
      <source>Removed {name}; {key} brings it back</source>
      <translation>{name} entfernt; {key} bringt es zurück</translation>
    </message>
    <message>
      <source>Rename &amp;object</source>
      <translation>&amp;Objekt umbenennen</translation>
    </message>
    <message>
      <source>Rename the selected label</source>
      <translation>Das gewählte Label umbenennen</translation>
    </message>
    <message>
      <source>Replace annotations that images have already</source>
      <translation>Vorhandene Annotationen der Bilder ersetzen</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>Zurücksetzen</translation>
    </message>
    <message>
      <source>Results come as proposals: look through them, the least certain ones first.</source>
      <translation>Ergebnisse kommen als Vorschläge: sehen Sie sie durch, die unsichersten zuerst.</translation>
    </message>
    <message>
      <source>Return</source>
      <translation>Eingabe</translation>
    </message>
    <message>
      <source>Review</source>
      <translation>Prüfen</translation>
    </message>
    <message>
      <source>Rough</source>
      <translation>Grob</translation>
    </message>
    <message>
      <source>Rough strokes in, exact masks out</source>
      <translation>Grobe Striche hinein, genaue Masken heraus</translation>
    </message>
    <message>
      <source>Rough strokes in, exact masks out: image annotation with a learned spatial propagation network.</source>
      <translation>Grobe Striche rein, genaue Masken raus: Bildannotation mit einem gelernten räumlichen Ausbreitungsnetz.</translation>
    </message>
    <message>
      <source>Rough strokes: refinement may move their borders (S)</source>
      <translation>Grobe Striche: die Verfeinerung darf ihre Ränder bewegen (S)</translation>
    </message>
    <message>
      <source>S&amp;maller brush</source>
      <translation>&amp;Kleinerer Pinsel</translation>
    </message>
    <message>
      <source>S&amp;tatistics</source>
      <translation>S&amp;tatistik</translation>
    </message>
    <message>
      <source>S&amp;wap with the last label</source>
      <translation>&amp;Mit letztem Label tauschen</translation>
    </message>
    <message>
      <source>Save and close the window</source>
      <translation>Speichern und das Fenster schließen</translation>
    </message>
    <message>
      <source>Save at once; changes are saved by themselves shortly after you make them</source>
      <translation>Sofort speichern; Änderungen werden kurz danach von selbst gespeichert</translation>
    </message>
    <message>
      <source>Saved</source>
      <translation>Gespeichert</translation>
    </message>
    <message>
      <source>Saved or not</source>
      <translation>Gespeichert oder nicht</translation>
    </message>
    <message>
      <source>Saving</source>
      <translation>Das Speichern</translation>
    </message>
    <message>
      <source>Scroll</source>
      <translation>Rollen</translation>
    </message>
    <message>
      <source>Search</source>
      <translation>Suchen</translation>
    </message>
    <message>
      <source>Search in</source>
      <translation>Suchen in</translation>
    </message>
    <message>
      <source>Searching</source>
      <translation>Das Suchen</translation>
    </message>
    <message>
      <source>See what was before</source>
      <translation>Sehen, was vorher war</translation>
    </message>
    <message>
      <source>Select the label</source>
      <translation>Label wählen</translation>
    </message>
    <message>
      <source>Select the label with the key 0</source>
      <translation>Das Label mit der Taste 0 wählen</translation>
    </message>
    <message>
      <source>Select the label with the key 1</source>
      <translation>Das Label mit der Taste 1 wählen</translation>
    </message>
    <message>
      <source>Select the label with the key 2</source>
      <translation>Das Label mit der Taste 2 wählen</translation>
    </message>
    <message>
      <source>Select the label with the key 3</source>
      <translation>Das Label mit der Taste 3 wählen</translation>
    </message>
    <message>
      <source>Select the label with the key 4</source>
      <translation>Das Label mit der Taste 4 wählen</translation>
    </message>
    <message>
      <source>Select the label with the key 5</source>
      <translation>Das Label mit der Taste 5 wählen</translation>
    </message>
    <message>
      <source>Select the label with the key 6</source>
      <translation>Das Label mit der Taste 6 wählen</translation>
    </message>
    <message>
      <source>Select the label with the key 7</source>
      <translation>Das Label mit der Taste 7 wählen</translation>
    </message>
    <message>
      <source>Select the label with the key 8</source>
      <translation>Das Label mit der Taste 8 wählen</translation>
    </message>
    <message>
      <source>Select the label with the key 9</source>
      <translation>Das Label mit der Taste 9 wählen</translation>
    </message>
    <message>
      <source>Set how strongly and what is refined</source>
      <translation>Einstellen, wie stark und was verfeinert wird</translation>
    </message>
    <message>
      <source>Shift + wheel</source>
      <translation>Umschalt + Mausrad</translation>
    </message>
    <message>
      <source>Sho&amp;w strokes</source>
      <translation>&amp;Striche zeigen</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>Zeigen</translation>
    </message>
    <message>
      <source>Show &amp;all images</source>
      <translation>&amp;Alle Bilder zeigen</translation>
    </message>
    <message>
      <source>Show all images</source>
      <translation>Alle Bilder zeigen</translation>
    </message>
    <message>
      <source>Show all images by name again</source>
      <translation>Wieder alle Bilder nach Namen zeigen</translation>
    </message>
    <message>
      <source>Show all keys</source>
      <translation>Alle Tasten zeigen</translation>
    </message>
    <message>
      <source>Show everything that is known about the error</source>
      <translation>Alles zeigen, was über den Fehler bekannt ist</translation>
    </message>
    <message>
      <source>Show folder</source>
      <translation>Ordner zeigen</translation>
    </message>
    <message>
      <source>Show how many objects each label has</source>
      <translation>Zeigen, wie viele Objekte jedes Label hat</translation>
    </message>
    <message>
      <source>Show how many pixels each label has</source>
      <translation>Zeigen, wie viele Pixel jedes Label hat</translation>
    </message>
    <message>
      <source>Show labels filled, as outlines, or not at all</source>
      <translation>Labels gefüllt, als Umrisse oder gar nicht zeigen</translation>
    </message>
    <message>
      <source>Show one pixel of the image on one pixel of the screen</source>
      <translation>Ein Bildpixel auf einem Schirmpixel zeigen</translation>
    </message>
    <message>
      <source>Show only images of a status, or with a proposal or comment</source>
      <translation>Nur Bilder mit einem Status, Vorschlag oder Kommentar zeigen</translation>
    </message>
    <message>
      <source>Show only images with an object of a label</source>
      <translation>Nur Bilder mit einem Objekt eines Labels zeigen</translation>
    </message>
    <message>
      <source>Show or hide what is painted with the selected label</source>
      <translation>Zeigen oder verbergen, was mit dem gewählten Label gemalt ist</translation>
    </message>
    <message>
      <source>Show pixels and objects of each label</source>
      <translation>Pixel und Objekte jedes Labels zeigen</translation>
    </message>
    <message>
      <source>Show report</source>
      <translation>Bericht zeigen</translation>
    </message>
    <message>
      <source>Show rulers in pixels at the edges</source>
      <translation>Lineale in Pixeln an den Rändern zeigen</translation>
    </message>
    <message>
      <source>Show the borders of pixels when they are large enough</source>
      <translation>Pixelgrenzen zeigen, wenn sie groß genug sind</translation>
    </message>
    <message>
      <source>Show the chosen objects from near</source>
      <translation>Die gewählten Objekte von nahem zeigen</translation>
    </message>
    <message>
      <source>Show the objects of the image</source>
      <translation>Die Objekte des Bildes zeigen</translation>
    </message>
    <message>
      <source>Show the steps made on the image, to go back to any of them</source>
      <translation>Die Schritte am Bild zeigen, um zu jedem zurückzugehen</translation>
    </message>
    <message>
      <source>Show the whole image</source>
      <translation>Das ganze Bild zeigen</translation>
    </message>
    <message>
      <source>Show the whole image in a corner while only a part is in view</source>
      <translation>Das ganze Bild in einer Ecke zeigen, solange nur ein Teil zu sehen ist</translation>
    </message>
    <message>
      <source>Show what was written about the image, and how sure its proposal is</source>
      <translation>Zeigen, was zum Bild geschrieben wurde und wie sicher sein Vorschlag ist</translation>
    </message>
    <message>
      <source>Show where strokes were painted</source>
      <translation>Zeigen, wo Striche gemalt wurden</translation>
    </message>
    <message>
      <source>Show where the label of the pixel under the mouse reaches, as the model learned</source>
      <translation>Zeigen, wohin das Label des Pixels unter der Maus reicht, wie es das Modell gelernt hat</translation>
    </message>
    <message>
      <source>Showing the guide</source>
      <translation>Das Anzeigen der Anleitung</translation>
    </message>
    <message>
      <source>Size of a superpixel on the screen</source>
      <translation>Größe eines Superpixels am Schirm</translation>
    </message>
    <message>
      <source>Smoo&amp;th borders…</source>
      <translation>Ränder glä&amp;tten…</translation>
    </message>
    <message>
      <source>Smooth borders</source>
      <translation>Ränder glätten</translation>
    </message>
    <message>
      <source>Smooth {what}</source>
      <translation>{what} glätten</translation>
    </message>
    <message>
      <source>Something in the program</source>
      <translation>Etwas im Programm</translation>
    </message>
    <message>
      <source>Space + drag</source>
      <translation>Leertaste + Ziehen</translation>
    </message>
    <message>
      <source>Split {what}</source>
      <translation>{what} zerlegen</translation>
    </message>
    <message>
      <source>Statistics</source>
      <translation>Statistik</translation>
    </message>
    <message>
      <source>Steps</source>
      <translation>Schritte</translation>
    </message>
    <message>
      <source>Steps on the open image are listed here; choose one to go back.</source>
      <translation>Hier stehen die Schritte am offenen Bild; einen wählen, um zurückzugehen.</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <source>Storing</source>
      <translation>Das Ablegen</translation>
    </message>
    <message>
      <source>Strength</source>
      <translation>Stärke</translation>
    </message>
    <message>
      <source>Superpi&amp;xels</source>
      <translation>Superpi&amp;xel</translation>
    </message>
    <message>
      <source>Superpixel size</source>
      <translation>Superpixel-Größe</translation>
    </message>
    <message>
      <source>Superpixels</source>
      <translation>Superpixel</translation>
    </message>
    <message>
      <source>Sure</source>
      <translation>Sicher</translation>
    </message>
    <message>
      <source>Sure strokes stay as they are painted; rough ones may be moved by refinement</source>
      <translation>Sichere Striche bleiben, wie sie gemalt sind; grobe darf die Verfeinerung bewegen</translation>
    </message>
    <message>
      <source>Sure strokes: refinement keeps them as they are (S)</source>
      <translation>Sichere Striche: die Verfeinerung lässt sie, wie sie sind (S)</translation>
    </message>
    <message>
      <source>Sure: &amp;outside</source>
      <translation>Si&amp;cher: außen</translation>
    </message>
    <message>
      <source>Sure: i&amp;nside</source>
      <translation>Sicher: i&amp;nnen</translation>
    </message>
    <message>
      <source>Take all keys of the action away</source>
      <translation>Der Aktion alle Tasten nehmen</translation>
    </message>
    <message>
      <source>Take annotations over from another tool's files</source>
      <translation>Annotationen aus Dateien eines anderen Werkzeugs übernehmen</translation>
    </message>
    <message>
      <source>Take back a corner of a polygon</source>
      <translation>Eine Ecke eines Vielecks zurücknehmen</translation>
    </message>
    <message>
      <source>Take back the last step on this image</source>
      <translation>Den letzten Schritt an diesem Bild zurücknehmen</translation>
    </message>
    <message>
      <source>Take it over</source>
      <translation>Übernehmen</translation>
    </message>
    <message>
      <source>Take small connected parts out of the chosen objects</source>
      <translation>Kleine zusammenhängende Teile aus den gewählten Objekten nehmen</translation>
    </message>
    <message>
      <source>Take teeth and notches from the borders of the chosen objects</source>
      <translation>Zacken und Kerben von den Rändern der gewählten Objekte nehmen</translation>
    </message>
    <message>
      <source>Take the filter away and sort the images by name</source>
      <translation>Den Filter wegnehmen und die Bilder nach Namen ordnen</translation>
    </message>
    <message>
      <source>Take the proposal over</source>
      <translation>Den Vorschlag übernehmen</translation>
    </message>
    <message>
      <source>That is the whole way</source>
      <translation>Das ist der ganze Weg</translation>
    </message>
    <message>
      <source>The annotations are kept and wait for the files.</source>
      <translation>Die Annotationen bleiben erhalten und warten auf die Dateien.</translation>
    </message>
    <message>
      <source>The dashed line is a proposal; hold the key left of &lt;b&gt;1&lt;/b&gt; to see what was before. {accept} accepts it, {drop} drops it. The strokes stay, and {undo} takes everything back.</source>
      <translation>Die gestrichelte Linie ist ein Vorschlag; halten Sie die Taste links der &lt;b&gt;1&lt;/b&gt;, um zu sehen, was vorher war. {accept} nimmt ihn an, {drop} verwirft ihn. Die Striche bleiben, und {undo} nimmt alles zurück.</translation>
    </message>
    <message>
      <source>The export was stopped.</source>
      <translation>Der Export wurde angehalten.</translation>
    </message>
    <message>
      <source>The file is missing</source>
      <translation>Die Datei fehlt</translation>
    </message>
    <message>
      <source>The file of {n} image is missing or another one than was annotated.</source>
      <translation>Die Datei von {n} Bild fehlt oder ist eine andere als die annotierte.</translation>
    </message>
    <message>
      <source>The files of {n} images are missing or others than were annotated.</source>
      <translation>Die Dateien von {n} Bildern fehlen oder sind andere als die annotierten.</translation>
    </message>
    <message>
      <source>The guide tells the rest ({guide}), every key is on one page ({key_sheet}), and {command_palette} finds any command by a few letters.</source>
      <translation>Das Handbuch sagt den Rest ({guide}), alle Tasten stehen auf einer Seite ({key_sheet}), und {command_palette} findet jeden Befehl nach wenigen Buchstaben.</translation>
    </message>
    <message>
      <source>The image has changed meanwhile; the proposal was dropped</source>
      <translation>Das Bild hat sich inzwischen geändert; der Vorschlag wurde verworfen</translation>
    </message>
    <message>
      <source>The image is not as large as its file says; it was left alone</source>
      <translation>Das Bild ist nicht so groß, wie seine Datei angibt; es blieb unverändert</translation>
    </message>
    <message>
      <source>The image is not the file that was annotated. Look closely before you go on</source>
      <translation>Das Bild ist nicht die Datei, die annotiert wurde. Sehen Sie genau hin, bevor Sie weitermachen</translation>
    </message>
    <message>
      <source>The image with its labels; paint here</source>
      <translation>Das Bild mit seinen Labels; hier wird gemalt</translation>
    </message>
    <message>
      <source>The import was stopped; what was imported until then stays.</source>
      <translation>Der Import wurde angehalten; was bis dahin importiert war, bleibt.</translation>
    </message>
    <message>
      <source>The language changes when the program is started again</source>
      <translation>Die Sprache wechselt beim nächsten Start des Programms</translation>
    </message>
    <message>
      <source>The last changes could not be saved.</source>
      <translation>Die letzten Änderungen konnten nicht gespeichert werden.</translation>
    </message>
    <message>
      <source>The message above says why. The file stays as it is.</source>
      <translation>Die Meldung oben sagt, warum. Die Datei bleibt, wie sie ist.</translation>
    </message>
    <message>
      <source>The next stroke begins another {name}</source>
      <translation>Der nächste Strich beginnt ein weiteres Objekt: {name}</translation>
    </message>
    <message>
      <source>The object has no pixels</source>
      <translation>Das Objekt hat keine Pixel</translation>
    </message>
    <message>
      <source>The object has one part only</source>
      <translation>Das Objekt hat nur einen Teil</translation>
    </message>
    <message>
      <source>The one that ships with the program</source>
      <translation>Das mitgelieferte</translation>
    </message>
    <message>
      <source>The project is of this version now; as it was: {name}</source>
      <translation>Das Projekt hat jetzt das Format dieser Version; so war es vorher: {name}</translation>
    </message>
    <message>
      <source>The run could not be started</source>
      <translation>Der Lauf konnte nicht gestartet werden</translation>
    </message>
    <message>
      <source>The run ended before its time. Start it again to go on</source>
      <translation>Der Lauf endete vorzeitig. Starten Sie ihn neu, um weiterzumachen</translation>
    </message>
    <message>
      <source>The selected &amp;object</source>
      <translation>Das gewählte &amp;Objekt</translation>
    </message>
    <message>
      <source>The selected la&amp;bel</source>
      <translation>Das gewählte La&amp;bel</translation>
    </message>
    <message>
      <source>The superpixels in view are being computed; try again in a moment</source>
      <translation>Die sichtbaren Superpixel werden berechnet; gleich noch einmal versuchen</translation>
    </message>
    <message>
      <source>There are two versions of the annotations of {name}.</source>
      <translation>Von den Annotationen von {name} gibt es zwei Versionen.</translation>
    </message>
    <message>
      <source>There is no pixel inside; draw it larger</source>
      <translation>Darin ist kein Pixel; größer zeichnen</translation>
    </message>
    <message>
      <source>There is no proposal to review</source>
      <translation>Es gibt keinen Vorschlag zu prüfen</translation>
    </message>
    <message>
      <source>There is no proposal; refine first</source>
      <translation>Es gibt keinen Vorschlag; erst verfeinern</translation>
    </message>
    <message>
      <source>This</source>
      <translation>Dies</translation>
    </message>
    <message>
      <source>Tint the pixels of a proposal that the model is not sure of</source>
      <translation>Die Pixel eines Vorschlags tönen, bei denen das Modell unsicher ist</translation>
    </message>
    <message>
      <source>Tint what is &amp;unsure</source>
      <translation>&amp;Unsicheres tönen</translation>
    </message>
    <message>
      <source>Tolerance</source>
      <translation>Toleranz</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>Werkzeuge</translation>
    </message>
    <message>
      <source>Try again</source>
      <translation>Erneut versuchen</translation>
    </message>
    <message>
      <source>Two versions</source>
      <translation>Zwei Fassungen</translation>
    </message>
    <message>
      <source>Type a few letters of what you want to do</source>
      <translation>Ein paar Buchstaben von dem tippen, was Sie tun wollen</translation>
    </message>
    <message>
      <source>Undone: {step}</source>
      <translation>Rückgängig gemacht: {step}</translation>
    </message>
    <message>
      <source>Unlock</source>
      <translation>Entsperren</translation>
    </message>
    <message>
      <source>Unpainted is un&amp;known</source>
      <translation>Ungemaltes ist unbe&amp;kannt</translation>
    </message>
    <message>
      <source>Use Chinese from the next start on</source>
      <translation>Ab dem nächsten Start Chinesisch verwenden</translation>
    </message>
    <message>
      <source>Use English from the next start on</source>
      <translation>Ab dem nächsten Start Englisch verwenden</translation>
    </message>
    <message>
      <source>Use German from the next start on</source>
      <translation>Ab dem nächsten Start Deutsch verwenden</translation>
    </message>
    <message>
      <source>Use the system's language from the next start on</source>
      <translation>Ab dem nächsten Start die Sprache des Systems verwenden</translation>
    </message>
    <message>
      <source>Use what is in the project</source>
      <translation>Nehmen, was im Projekt ist</translation>
    </message>
    <message>
      <source>Use what was kept aside</source>
      <translation>Nehmen, was beiseitegelegt wurde</translation>
    </message>
    <message>
      <source>Version and licence</source>
      <translation>Version und Lizenz</translation>
    </message>
    <message>
      <source>Version {version}</source>
      <translation>Version {version}</translation>
    </message>
    <message>
      <source>View</source>
      <translation>Ansicht</translation>
    </message>
    <message>
      <source>What R refines</source>
      <translation>Was R verfeinert</translation>
    </message>
    <message>
      <source>What do you want to do?</source>
      <translation>Was möchten Sie tun?</translation>
    </message>
    <message>
      <source>What is in &amp;view</source>
      <translation>&amp;Was zu sehen ist</translation>
    </message>
    <message>
      <source>What surely belongs to the label; refinement keeps it</source>
      <translation>Was sicher zum Label gehört; die Verfeinerung behält es</translation>
    </message>
    <message>
      <source>Wheel</source>
      <translation>Mausrad</translation>
    </message>
    <message>
      <source>Where surely nothing is; refinement keeps it empty</source>
      <translation>Wo sicher nichts ist; die Verfeinerung lässt es leer</translation>
    </message>
    <message>
      <source>Which images are shown</source>
      <translation>Welche Bilder gezeigt werden</translation>
    </message>
    <message>
      <source>Why this one</source>
      <translation>Weshalb diese</translation>
    </message>
    <message>
      <source>Work that could not be saved is there again: {n} image</source>
      <translation>Nicht gespeicherte Arbeit ist wieder da: {n} Bild</translation>
    </message>
    <message>
      <source>Work that could not be saved is there again: {n} images</source>
      <translation>Nicht gespeicherte Arbeit ist wieder da: {n} Bilder</translation>
    </message>
    <message>
      <source>Working</source>
      <translation>In Arbeit</translation>
    </message>
    <message>
      <source>Write a &amp;comment</source>
      <translation>Kommentar s&amp;chreiben</translation>
    </message>
    <message>
      <source>Write something about the image for whoever opens it next</source>
      <translation>Etwas zum Bild schreiben für den, der es als Nächstes öffnet</translation>
    </message>
    <message>
      <source>Write the annotations as masks or in the format of another tool</source>
      <translation>Die Annotationen als Masken oder im Format eines anderen Werkzeugs schreiben</translation>
    </message>
    <message>
      <source>Write the labels as a list, as COCO categories or for CVAT</source>
      <translation>Die Labels als Liste, als COCO-Kategorien oder für CVAT schreiben</translation>
    </message>
    <message>
      <source>Written to {folder}: {images}, {objects}</source>
      <translation>In {folder} geschrieben: {images}, {objects}</translation>
    </message>
    <message>
      <source>YOLO segmentation</source>
      <translation>YOLO-Segmentierung</translation>
    </message>
    <message>
      <source>Zoom</source>
      <translation>Zoom</translation>
    </message>
    <message>
      <source>Zoom &amp;in</source>
      <translation>H&amp;ineinzoomen</translation>
    </message>
    <message>
      <source>Zoom &amp;out</source>
      <translation>Herausz&amp;oomen</translation>
    </message>
    <message>
      <source>Zoom at the cursor</source>
      <translation>Am Zeiger zoomen</translation>
    </message>
    <message>
      <source>Zoom in, also with Ctrl and the wheel</source>
      <translation>Hineinzoomen, auch mit Strg und Mausrad</translation>
    </message>
    <message>
      <source>Zoom out, also with Ctrl and the wheel</source>
      <translation>Herauszoomen, auch mit Strg und Mausrad</translation>
    </message>
    <message>
      <source>accepted</source>
      <translation>angenommen</translation>
    </message>
    <message>
      <source>another size</source>
      <translation>andere Größe</translation>
    </message>
    <message>
      <source>cannot be read</source>
      <translation>nicht lesbar</translation>
    </message>
    <message>
      <source>changed</source>
      <translation>verändert</translation>
    </message>
    <message>
      <source>chosen by you</source>
      <translation>von Ihnen gewählt</translation>
    </message>
    <message>
      <source>colours of labels, names of objects; more than 254 objects in an image</source>
      <translation>Farben der Labels, Namen der Objekte; mehr als 254 Objekte in einem Bild</translation>
    </message>
    <message>
      <source>colours of labels; labels without an object</source>
      <translation>Farben der Labels; Labels ohne Objekt</translation>
    </message>
    <message>
      <source>colours, names and order of objects; parts of one object are joined by lines, holes become slits</source>
      <translation>Farben, Namen und Reihenfolge der Objekte; Teile eines Objekts werden durch Linien verbunden, Löcher werden zu Schlitzen</translation>
    </message>
    <message>
      <source>file is missing</source>
      <translation>Datei fehlt</translation>
    </message>
    <message>
      <source>hidden</source>
      <translation>ausgeblendet</translation>
    </message>
    <message>
      <source>in progress</source>
      <translation>in Arbeit</translation>
    </message>
    <message>
      <source>key {key}</source>
      <translation>Taste {key}</translation>
    </message>
    <message>
      <source>labelme</source>
      <translation>labelme</translation>
    </message>
    <message>
      <source>labels that are none of Cityscapes', colours of labels, names of objects; objects of the classes without instances become one</source>
      <translation>Labels, die Cityscapes nicht kennt, Farben der Labels, Namen der Objekte; Objekte der Klassen ohne Instanzen werden eines</translation>
    </message>
    <message>
      <source>locked</source>
      <translation>gesperrt</translation>
    </message>
    <message>
      <source>missing</source>
      <translation>fehlt</translation>
    </message>
    <message>
      <source>names of objects</source>
      <translation>Namen der Objekte</translation>
    </message>
    <message>
      <source>names of objects; more than 254 objects in an image</source>
      <translation>Namen der Objekte; mehr als 254 Objekte in einem Bild</translation>
    </message>
    <message>
      <source>no label</source>
      <translation>kein Label</translation>
    </message>
    <message>
      <source>no limit</source>
      <translation>ohne Grenze</translation>
    </message>
    <message>
      <source>none yet</source>
      <translation>noch keine</translation>
    </message>
    <message>
      <source>nothing</source>
      <translation>nichts</translation>
    </message>
    <message>
      <source>nothing found</source>
      <translation>nichts gefunden</translation>
    </message>
    <message>
      <source>nothing: there are no annotations</source>
      <translation>nichts: es gibt keine Annotationen</translation>
    </message>
    <message>
      <source>nothing; holes become slits</source>
      <translation>nichts; Löcher werden zu Schlitzen</translation>
    </message>
    <message>
      <source>outside of the folder</source>
      <translation>außerhalb des Ordners</translation>
    </message>
    <message>
      <source>person, car (without any: the later object)</source>
      <translation>Person, Auto (ohne Angabe: das spätere Objekt)</translation>
    </message>
    <message>
      <source>pictures</source>
      <translation>Bilder</translation>
    </message>
    <message>
      <source>proposed</source>
      <translation>vorgeschlagen</translation>
    </message>
    <message>
      <source>rejected</source>
      <translation>abgelehnt</translation>
    </message>
    <message>
      <source>safetensors (*.safetensors)</source>
      <translation>safetensors (*.safetensors)</translation>
    </message>
    <message>
      <source>same content</source>
      <translation>gleicher Inhalt</translation>
    </message>
    <message>
      <source>same name</source>
      <translation>gleicher Name</translation>
    </message>
    <message>
      <source>same name and size</source>
      <translation>gleicher Name, gleiche Größe</translation>
    </message>
    <message>
      <source>strongest</source>
      <translation>am stärksten</translation>
    </message>
    <message>
      <source>taken as right</source>
      <translation>als richtig übernommen</translation>
    </message>
    <message>
      <source>the file that is there</source>
      <translation>die vorhandene Datei</translation>
    </message>
    <message>
      <source>to do</source>
      <translation>offen</translation>
    </message>
    <message>
      <source>unreadable</source>
      <translation>unlesbar</translation>
    </message>
    <message>
      <source>visible</source>
      <translation>sichtbar</translation>
    </message>
    <message>
      <source>which object is which, names of objects; strokes that say nothing is here</source>
      <translation>welches Objekt welches ist, Namen der Objekte; Striche, die sagen, dass hier nichts ist</translation>
    </message>
    <message>
      <source>which object is which; pictures</source>
      <translation>welches Objekt welches ist; Bilder</translation>
    </message>
    <message>
      <source>with a comment</source>
      <translation>mit Kommentar</translation>
    </message>
    <message>
      <source>with a proposal</source>
      <translation>mit Vorschlag</translation>
    </message>
    <message>
      <source>{accepted} of {total} accepted</source>
      <translation>{accepted} von {total} angenommen</translation>
    </message>
    <message>
      <source>{area} px</source>
      <translation>{area} px</translation>
    </message>
    <message>
      <source>{doing} failed: {what}</source>
      <translation>{doing} ist fehlgeschlagen: {what}</translation>
    </message>
    <message>
      <source>{done} of {total} images, {minutes} min left</source>
      <translation>{done} von {total} Bildern, noch {minutes} min</translation>
    </message>
    <message>
      <source>{folder} holds no JPEG, PNG, TIFF, WebP or BMP files. Copy images into it and open it again, or open another folder.</source>
      <translation>{folder} enthält keine JPEG-, PNG-, TIFF-, WebP- oder BMP-Dateien. Kopieren Sie Bilder hinein und öffnen Sie ihn wieder, oder öffnen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <source>{key} belongs to several actions: {names}</source>
      <translation>{key} gehört zu mehreren Aktionen: {names}</translation>
    </message>
    <message>
      <source>{key} belongs to: {names}</source>
      <translation>{key} gehört zu: {names}</translation>
    </message>
    <message>
      <source>{kind} strokes</source>
      <translation>{kind}e Striche</translation>
    </message>
    <message>
      <source>{name} cannot be read</source>
      <translation>{name} kann nicht gelesen werden</translation>
    </message>
    <message>
      <source>{name} is not there</source>
      <translation>{name} ist nicht da</translation>
    </message>
    <message>
      <source>{number} of {total}</source>
      <translation>{number} von {total}</translation>
    </message>
    <message>
      <source>{n} M</source>
      <translation>{n} Mio.</translation>
    </message>
    <message>
      <source>{n} file got another name, see export_report.json</source>
      <translation>{n} Datei bekam einen anderen Namen, siehe export_report.json</translation>
    </message>
    <message>
      <source>{n} files got other names, see export_report.json</source>
      <translation>{n} Dateien bekamen andere Namen, siehe export_report.json</translation>
    </message>
    <message>
      <source>{n} image</source>
      <translation>{n} Bild</translation>
    </message>
    <message>
      <source>{n} image is linked again.</source>
      <translation>{n} Bild ist wieder verknüpft.</translation>
    </message>
    <message>
      <source>{n} image was not begun</source>
      <translation>{n} Bild wurde nicht begonnen</translation>
    </message>
    <message>
      <source>{n} images</source>
      <translation>{n} Bilder</translation>
    </message>
    <message>
      <source>{n} images are linked again.</source>
      <translation>{n} Bilder sind wieder verknüpft.</translation>
    </message>
    <message>
      <source>{n} images were not begun</source>
      <translation>{n} Bilder wurden nicht begonnen</translation>
    </message>
    <message>
      <source>{n} label added</source>
      <translation>{n} Label hinzugefügt</translation>
    </message>
    <message>
      <source>{n} labels added</source>
      <translation>{n} Labels hinzugefügt</translation>
    </message>
    <message>
      <source>{n} new object</source>
      <translation>{n} neues Objekt</translation>
    </message>
    <message>
      <source>{n} new objects</source>
      <translation>{n} neue Objekte</translation>
    </message>
    <message>
      <source>{n} object</source>
      <translation>{n} Objekt</translation>
    </message>
    <message>
      <source>{n} object is {label} now</source>
      <translation>{n} Objekt ist jetzt {label}</translation>
    </message>
    <message>
      <source>{n} object removed</source>
      <translation>{n} Objekt entfernt</translation>
    </message>
    <message>
      <source>{n} objects</source>
      <translation>{n} Objekte</translation>
    </message>
    <message>
      <source>{n} objects are one now</source>
      <translation>{n} Objekte sind jetzt eines</translation>
    </message>
    <message>
      <source>{n} objects are {label} now</source>
      <translation>{n} Objekte sind jetzt {label}</translation>
    </message>
    <message>
      <source>{n} objects removed</source>
      <translation>{n} Objekte entfernt</translation>
    </message>
    <message>
      <source>{n} pixel</source>
      <translation>{n} Pixel</translation>
    </message>
    <message>
      <source>{n} pixel would change</source>
      <translation>{n} Pixel würde sich ändern</translation>
    </message>
    <message>
      <source>{n} pixels</source>
      <translation>{n} Pixel</translation>
    </message>
    <message>
      <source>{n} pixels would change</source>
      <translation>{n} Pixel würden sich ändern</translation>
    </message>
    <message>
      <source>{n} proposal is ready</source>
      <translation>{n} Vorschlag ist fertig</translation>
    </message>
    <message>
      <source>{n} proposal to review</source>
      <translation>{n} Vorschlag zu prüfen</translation>
    </message>
    <message>
      <source>{n} proposals are ready</source>
      <translation>{n} Vorschläge sind fertig</translation>
    </message>
    <message>
      <source>{n} proposals to review</source>
      <translation>{n} Vorschläge zu prüfen</translation>
    </message>
    <message>
      <source>{step}, taken back</source>
      <translation>{step}, zurückgenommen</translation>
    </message>
    <message>
      <source>… and {n} more</source>
      <translation>… und {n} weitere</translation>
    </message>
    <message>
      <source>… and {n} more, see export_report.json</source>
      <translation>… und {n} weitere, siehe export_report.json</translation>
    </message>
    <message>
      <source>… and {n} more, see the report</source>
      <translation>… und {n} weitere, siehe Bericht</translation>
    </message>
    <message>
      <source>简体中文</source>
      <translation>简体中文</translation>
    </message>
  </context>
</TS>
