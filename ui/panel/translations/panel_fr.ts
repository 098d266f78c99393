<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr">
<context>
    <name>Bar</name>
    <message>
        <source>Under way</source>
        <translation>En cours</translation>
    </message>
    <message>
        <source>%1 percent</source>
        <translation>%1 pour cent</translation>
    </message>
</context>
<context>
    <name>ChoosePinPage</name>
    <message>
        <source>Choose a PIN</source>
        <translation>Choisir un code PIN</translation>
    </message>
    <message>
        <source>Set PIN</source>
        <translation>Définir le code</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
    <message>
        <source>Enter it once more</source>
        <extracomment>Under the title &quot;Choose a PIN&quot;</extracomment>
        <translation>Saisissez-le encore une fois</translation>
    </message>
    <message>
        <source>4 to 8 digits</source>
        <translation>4 à 8 chiffres</translation>
    </message>
    <message>
        <source>The two were different. Choose again.</source>
        <translation>Les deux codes étaient différents. Choisissez à nouveau.</translation>
    </message>
    <message>
        <source>You need it each time you open the profile.</source>
        <translation>Il est demandé à chaque ouverture du profil.</translation>
    </message>
</context>
<context>
    <name>ConfirmDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>DocumentNamePage</name>
    <message>
        <source>“.pdf” is added by itself.</source>
        <translation>«&#xa0;.pdf&#xa0;» est ajouté automatiquement.</translation>
    </message>
    <message>
        <source>Name of the document</source>
        <translation>Nom du document</translation>
    </message>
    <message>
        <source>Document name</source>
        <translation>Nom du document</translation>
    </message>
</context>
<context>
    <name>FailedMessage</name>
    <message>
        <source>Code: %1</source>
        <extracomment>%1 is an error code such as &quot;offline&quot;; people tell it to their administrator</extracomment>
        <translation>Code&#xa0;: %1</translation>
    </message>
</context>
<context>
    <name>FilesPage</name>
    <message>
        <source>Choose files</source>
        <translation>Choisir des fichiers</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) chosen</source>
        <translation>
            <numerusform>%n fichier choisi</numerusform>
            <numerusform>%n fichiers choisis</numerusform>
        </translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menu</translation>
    </message>
    <message>
        <source>Type a part of its name.</source>
        <translation>Saisissez une partie de son nom.</translation>
    </message>
    <message>
        <source>Try another part of its name.</source>
        <translation>Essayez une autre partie de son nom.</translation>
    </message>
    <message>
        <source>Load your pages and tap “Scan here”.</source>
        <translation>Placez vos pages et touchez «&#xa0;Numériser ici&#xa0;».</translation>
    </message>
    <message>
        <source>What are you looking for?</source>
        <translation>Que cherchez-vous&#xa0;?</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Aucun résultat</translation>
    </message>
    <message>
        <source>This folder is empty</source>
        <translation>Ce dossier est vide</translation>
    </message>
    <message>
        <source>More is coming…</source>
        <translation>La suite arrive…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>Trier</translation>
    </message>
    <message>
        <source>Choose several files</source>
        <translation>Choisir plusieurs fichiers</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>Nouveau dossier</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>Trier par</translation>
    </message>
    <message>
        <source>Name, A to Z</source>
        <translation>Nom, de A à Z</translation>
    </message>
    <message>
        <source>Name, Z to A</source>
        <translation>Nom, de Z à A</translation>
    </message>
    <message>
        <source>Date, newest first</source>
        <translation>Date, plus récents d’abord</translation>
    </message>
    <message>
        <source>Date, oldest first</source>
        <translation>Date, plus anciens d’abord</translation>
    </message>
    <message>
        <source>Size, largest first</source>
        <translation>Taille, plus grands d’abord</translation>
    </message>
    <message>
        <source>Size, smallest first</source>
        <translation>Taille, plus petits d’abord</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Scan here</source>
        <translation>Numériser ici</translation>
    </message>
    <message numerus="yes">
        <source>Print %n file(s)</source>
        <translation>
            <numerusform>Imprimer %n fichier</numerusform>
            <numerusform>Imprimer %n fichiers</numerusform>
        </translation>
    </message>
    <message>
        <source>Print</source>
        <translation>Imprimer</translation>
    </message>
    <message>
        <source>Reading the whole folder to sort it…</source>
        <translation>Lecture de tout le dossier pour le trier…</translation>
    </message>
    <message>
        <source>Choose a folder.</source>
        <translation>Choisissez un dossier.</translation>
    </message>
    <message>
        <source>Menu of %1</source>
        <translation>Menu de %1</translation>
    </message>
    <message>
        <source>Add shortcut</source>
        <translation>Ajouter un raccourci</translation>
    </message>
    <message>
        <source>You find “%1” under Shortcuts, beside the clouds.</source>
        <translation>Vous trouverez « %1 » sous Raccourcis, à côté des clouds.</translation>
    </message>
    <message>
        <source>Shortcut added</source>
        <translation>Raccourci ajouté</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Ouvrir</translation>
    </message>
    <message>
        <source>Tap the file that the shortcut is to print.</source>
        <translation>Touchez le fichier à imprimer.</translation>
    </message>
    <message>
        <source>Open the folder that the shortcut is to scan into.</source>
        <translation>Ouvrez le dossier des numérisations.</translation>
    </message>
    <message>
        <source>Use this folder</source>
        <translation>Choisir ce dossier</translation>
    </message>
</context>
<context>
    <name>HomePage</name>
    <message>
        <source>Language: %1</source>
        <translation>Langue&#xa0;: %1</translation>
    </message>
    <message>
        <source>Printer</source>
        <translation>Imprimante</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Print from your cloud, or scan to it</source>
        <translation>Imprimer et numériser avec votre cloud</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <comment>jobs</comment>
        <translation>
            <numerusform>%n en cours</numerusform>
            <numerusform>%n en cours</numerusform>
        </translation>
    </message>
    <message>
        <source>None running</source>
        <translation>Aucune en cours</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Tâches</translation>
    </message>
    <message>
        <source>Language, contrast</source>
        <translation>Langue, contraste</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Sign in to print from your cloud, or scan to it</source>
        <translation>Connectez-vous pour imprimer depuis votre cloud ou y numériser</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Se connecter</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Fermer la session</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Raccourcis</translation>
    </message>
</context>
<context>
    <name>IdleCountdown</name>
    <message>
        <source>Are you still there?</source>
        <translation>Êtes-vous toujours là&#xa0;?</translation>
    </message>
    <message>
        <source>Touch the screen to go on. Otherwise your session ends.</source>
        <translation>Touchez l’écran pour continuer. Sinon, votre session se termine.</translation>
    </message>
</context>
<context>
    <name>JobPage</name>
    <message>
        <source>Print job</source>
        <translation>Impression</translation>
    </message>
    <message>
        <source>Scan job</source>
        <translation>Numérisation</translation>
    </message>
    <message>
        <source>From %1</source>
        <translation>De %1</translation>
    </message>
    <message>
        <source>To the folder %1 of %2</source>
        <translation>Vers le dossier %1 de %2</translation>
    </message>
    <message>
        <source>Page %1 of %2</source>
        <translation>Page %1 sur %2</translation>
    </message>
    <message>
        <source>Put the next page on the glass, or finish here.</source>
        <translation>Placez la page suivante sur la vitre, ou terminez ici.</translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) scanned. Is there another one?</source>
        <translation>
            <numerusform>%n page numérisée. Y en a-t-il une autre&#xa0;?</numerusform>
            <numerusform>%n pages numérisées. Y en a-t-il une autre&#xa0;?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Your %n page(s) so far are safe.</source>
        <translation>
            <numerusform>La page déjà numérisée est conservée.</numerusform>
            <numerusform>Les %n pages déjà numérisées sont conservées.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1
is in the folder %2</source>
        <extracomment>%1 is a document&apos;s name, %2 a folder&apos;s</extracomment>
        <translation>%1
est dans le dossier %2</translation>
    </message>
    <message>
        <source>Printed</source>
        <translation>Imprimé</translation>
    </message>
    <message>
        <source>Saved in the cloud</source>
        <translation>Enregistré dans le cloud</translation>
    </message>
    <message>
        <source>Pages that were printed already stay in the tray.</source>
        <translation>Les pages déjà imprimées restent dans le bac.</translation>
    </message>
    <message>
        <source>Nothing was saved in the cloud.</source>
        <translation>Rien n’a été enregistré dans le cloud.</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Annulé</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Abandonner</translation>
    </message>
    <message>
        <source>Remove from list</source>
        <translation>Retirer de la liste</translation>
    </message>
    <message>
        <source>Hide</source>
        <extracomment>Leaves the screen of a job, which goes on</extracomment>
        <translation>Masquer</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>Terminer</translation>
    </message>
    <message numerus="yes">
        <source>Save %n page(s)</source>
        <translation>
            <numerusform>Enregistrer %n page</numerusform>
            <numerusform>Enregistrer %n pages</numerusform>
        </translation>
    </message>
    <message>
        <source>Scan next page</source>
        <translation>Page suivante</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Print again</source>
        <translation>Réimprimer</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>The pages scanned so far are deleted.</source>
        <translation>Les pages déjà numérisées seront supprimées.</translation>
    </message>
    <message>
        <source>Discard this scan?</source>
        <translation>Abandonner cette numérisation&#xa0;?</translation>
    </message>
</context>
<context>
    <name>JobsPage</name>
    <message>
        <source>Printing</source>
        <translation>Impression en cours</translation>
    </message>
    <message>
        <source>Scanning and saving</source>
        <translation>Numérisation et enregistrement</translation>
    </message>
    <message>
        <source>Waiting for the next page</source>
        <translation>En attente de la page suivante</translation>
    </message>
    <message>
        <source>Waiting for your decision</source>
        <translation>En attente de votre décision</translation>
    </message>
    <message>
        <source>Printed</source>
        <translation>Imprimé</translation>
    </message>
    <message>
        <source>Saved in the cloud</source>
        <translation>Enregistré dans le cloud</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Annulé</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Tâches</translation>
    </message>
    <message>
        <source>What you print or scan shows here for a day.</source>
        <translation>Vos impressions et numérisations restent ici pendant un jour.</translation>
    </message>
    <message>
        <source>No jobs</source>
        <translation>Aucune tâche</translation>
    </message>
</context>
<context>
    <name>Keypad</name>
    <message>
        <source>Digits</source>
        <translation>Chiffres</translation>
    </message>
    <message>
        <source>Delete the last digit</source>
        <translation>Effacer le dernier chiffre</translation>
    </message>
</context>
<context>
    <name>LinkPage</name>
    <message>
        <source>Link your account</source>
        <translation>Associer votre compte</translation>
    </message>
    <message>
        <source>QR code of the address at the right</source>
        <extracomment>For screen readers</extracomment>
        <translation>Code QR de l’adresse indiquée à droite</translation>
    </message>
    <message>
        <source>Getting a code…</source>
        <translation>Demande d’un code…</translation>
    </message>
    <message>
        <source>Scan the code with your phone. Or go to this address with any browser:</source>
        <translation>Scannez le code avec votre téléphone, ou ouvrez cette adresse dans un navigateur&#xa0;:</translation>
    </message>
    <message>
        <source>Scan the code with your phone. It opens a page of:</source>
        <translation>Scannez le code avec votre téléphone. Il ouvre une page de&#xa0;:</translation>
    </message>
    <message>
        <source>Check that this code is shown, or type it:</source>
        <translation>Vérifiez ce code, ou saisissez-le&#xa0;:</translation>
    </message>
    <message>
        <source>Sign in to %1 and allow access.</source>
        <extracomment>%1 is a cloud&apos;s name such as Dropbox</extracomment>
        <translation>Connectez-vous à %1 et autorisez l’accès.</translation>
    </message>
    <message>
        <source>Opening your files…</source>
        <translation>Ouverture de vos fichiers…</translation>
    </message>
    <message>
        <source>Your account is linked</source>
        <translation>Votre compte est associé</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Valid until %1. This screen goes on by itself.</source>
        <extracomment>%1 is date and time</extracomment>
        <translation>Valable jusqu’au %1. Cet écran continue tout seul.</translation>
    </message>
    <message>
        <source>The code on it works as long as the one on the screen.</source>
        <translation>Le code indiqué est valable aussi longtemps que celui de l’écran.</translation>
    </message>
    <message>
        <source>The message is sent</source>
        <translation>Le message est envoyé</translation>
    </message>
    <message>
        <source>The instructions are being printed</source>
        <translation>Les instructions s’impriment</translation>
    </message>
    <message>
        <source>E-mail</source>
        <extracomment>The short form is for narrow screens</extracomment>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>Send by e-mail</source>
        <translation>Envoyer par e-mail</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>Imprimer</translation>
    </message>
</context>
<context>
    <name>LinkedPage</name>
    <message>
        <source>Account linked</source>
        <translation>Compte lié</translation>
    </message>
    <message>
        <source>“%1” is linked to this %2 account:</source>
        <extracomment>%1 is a profile&apos;s name, %2 a cloud&apos;s name such as Dropbox</extracomment>
        <translation>« %1 » est lié à ce compte %2 :</translation>
    </message>
    <message>
        <source>Not your account? Then somebody else used your code.</source>
        <translation>Ce n’est pas votre compte ? Alors quelqu’un d’autre a utilisé votre code.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>The account is unlinked at once. Then make a new profile, and let nobody see its code.</source>
        <translation>Le compte est délié aussitôt. Créez ensuite un nouveau profil, et ne laissez personne voir son code.</translation>
    </message>
    <message>
        <source>Remove “%1”?</source>
        <extracomment>%1 is a profile&apos;s name</extracomment>
        <translation>Supprimer « %1 » ?</translation>
    </message>
    <message>
        <source>Not you? Remove it</source>
        <translation>Pas vous ? Supprimer</translation>
    </message>
    <message>
        <source>Open files</source>
        <translation>Ouvrir les fichiers</translation>
    </message>
    <message>
        <source>address not verified by %1</source>
        <extracomment>%1 is a cloud&apos;s name such as Dropbox</extracomment>
        <translation>adresse non vérifiée par %1</translation>
    </message>
    <message>
        <source>without an e-mail address</source>
        <translation>sans adresse e-mail</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Sign out</source>
        <translation>Fermer la session</translation>
    </message>
    <message>
        <source>Your profiles and files leave the screen. Running jobs go on.</source>
        <translation>Vos profils et vos fichiers quittent l’écran. Les tâches en cours continuent.</translation>
    </message>
    <message>
        <source>Signed in as %1</source>
        <extracomment>%1 is the name of the person who uses the panel</extracomment>
        <translation>Connecté : %1</translation>
    </message>
    <message>
        <source>Try again in %1.</source>
        <translation>Réessayez dans %1.</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Connexion impossible</translation>
    </message>
</context>
<context>
    <name>NameForm</name>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>NewFolderPage</name>
    <message>
        <source>Name of the folder</source>
        <translation>Nom du dossier</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>Créer</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>Nouveau dossier</translation>
    </message>
</context>
<context>
    <name>NewProfilePage</name>
    <message>
        <source>New profile</source>
        <translation>Nouveau profil</translation>
    </message>
    <message>
        <source>Name of the profile</source>
        <translation>Nom du profil</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>Code PIN</translation>
    </message>
    <message>
        <source>No PIN: tap to set one</source>
        <translation>Aucun&#xa0;: touchez pour en définir un</translation>
    </message>
    <message>
        <source>Guests share this panel. With a PIN, nobody else can open your profile.</source>
        <translation>Les invités partagent cet écran. Avec un code PIN, personne d’autre ne peut ouvrir votre profil.</translation>
    </message>
    <message>
        <source>We recommend a PIN</source>
        <translation>Nous conseillons un code PIN</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>Créer</translation>
    </message>
    <message>
        <source>PIN (optional)</source>
        <translation>Code PIN (facultatif)</translation>
    </message>
    <message>
        <source>None: nobody else sees this profile</source>
        <translation>Aucun : vous seul voyez ce profil</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
</context>
<context>
    <name>NoticeDialog</name>
    <message>
        <source>OK</source>
        <extracomment>Closes a remark that was read</extracomment>
        <translation>OK</translation>
    </message>
</context>
<context>
    <name>PageRangePage</name>
    <message>
        <source>Write it like this: 1-3, 5</source>
        <translation>Écrivez par exemple&#xa0;: 1-3, 5</translation>
    </message>
    <message>
        <source>For example 1-3, 5. Leave it empty for all pages.</source>
        <translation>Par exemple 1-3, 5. Laissez vide pour toutes les pages.</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Pages</translation>
    </message>
</context>
<context>
    <name>PanelPage</name>
    <message>
        <source>Back</source>
        <extracomment>Name of the back button for screen readers</extracomment>
        <translation>Retour</translation>
    </message>
</context>
<context>
    <name>PinDots</name>
    <message numerus="yes">
        <source>%n digit(s) entered</source>
        <translation>
            <numerusform>%n chiffre saisi</numerusform>
            <numerusform>%n chiffres saisis</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PinPage</name>
    <message>
        <source>Open</source>
        <translation>Ouvrir</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Verrouillé</translation>
    </message>
    <message>
        <source>Enter the PIN</source>
        <translation>Saisissez le code PIN</translation>
    </message>
    <message>
        <source>Too many wrong PINs. Try again in %1.</source>
        <translation>Trop de codes erronés. Réessayez dans %1.</translation>
    </message>
    <message numerus="yes">
        <source>Wrong PIN. %n try(s) left.</source>
        <translation>
            <numerusform>Code erroné. Encore %n essai.</numerusform>
            <numerusform>Code erroné. Encore %n essais.</numerusform>
        </translation>
    </message>
    <message>
        <source>Wrong PIN.</source>
        <translation>Code erroné.</translation>
    </message>
    <message>
        <source>It opens this profile for you alone.</source>
        <translation>Il n’ouvre ce profil que pour vous.</translation>
    </message>
    <message>
        <source>Choose a new PIN</source>
        <translation>Choisir un nouveau code</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>The profile was never linked to an account. Delete it and create a new one.</source>
        <translation>Ce profil n’a jamais été associé à un compte. Supprimez-le et créez-en un autre.</translation>
    </message>
    <message>
        <source>Choose a new PIN, then sign in to the cloud again. The profile and its shortcuts are kept.</source>
        <translation>Choisissez un nouveau code, puis reconnectez-vous au cloud. Le profil et ses raccourcis sont conservés.</translation>
    </message>
</context>
<context>
    <name>PrintPage</name>
    <message numerus="yes">
        <source>Print %n file(s)</source>
        <translation>
            <numerusform>Imprimer %n fichier</numerusform>
            <numerusform>Imprimer %n fichiers</numerusform>
        </translation>
    </message>
    <message>
        <source>Print</source>
        <translation>Imprimer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>PrintSettings</name>
    <message>
        <source>You can print now; it starts when the printer is ready.</source>
        <translation>Vous pouvez lancer l’impression&#xa0;; elle commencera quand l’imprimante sera prête.</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Copies</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Couleur</translation>
    </message>
    <message>
        <source>Sides</source>
        <translation>Faces</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Pages</translation>
    </message>
    <message>
        <source>All pages</source>
        <translation>Toutes les pages</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>Papier</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualité</translation>
    </message>
</context>
<context>
    <name>ProfilesPage</name>
    <message>
        <source>Create profile</source>
        <translation>Créer un profil</translation>
    </message>
    <message>
        <source>A profile links this printer to your cloud account. It takes a minute, with your phone.</source>
        <translation>Un profil relie cette imprimante à votre compte cloud. Une minute suffit, avec votre téléphone.</translation>
    </message>
    <message>
        <source>No profiles yet</source>
        <translation>Aucun profil pour l’instant</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Ouverture…</translation>
    </message>
    <message>
        <source>Menu of %1</source>
        <translation>Menu de %1</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Renommer</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Se reconnecter</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>The profile and its access to the cloud are removed from this device. Your files in the cloud stay.</source>
        <translation>Le profil et son accès au cloud sont retirés de cet appareil. Vos fichiers restent dans le cloud.</translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <extracomment>%1 is a profile&apos;s name</extracomment>
        <translation>Supprimer «&#xa0;%1&#xa0;»&#xa0;?</translation>
    </message>
</context>
<context>
    <name>ProvidersPage</name>
    <message>
        <source>Ask your administrator to switch a cloud on.</source>
        <translation>Demandez à votre administrateur d’en activer un.</translation>
    </message>
    <message>
        <source>No cloud is set up here</source>
        <translation>Aucun cloud n’est configuré ici</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <comment>jobs</comment>
        <translation>
            <numerusform>%n en cours</numerusform>
            <numerusform>%n en cours</numerusform>
        </translation>
    </message>
    <message>
        <source>None running</source>
        <translation>Aucune en cours</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Tâches</translation>
    </message>
    <message>
        <source>One tap to print or scan</source>
        <translation>En un seul geste</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Raccourcis</translation>
    </message>
</context>
<context>
    <name>RenamePage</name>
    <message>
        <source>Name of the profile</source>
        <translation>Nom du profil</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Renommer</translation>
    </message>
</context>
<context>
    <name>ScanPage</name>
    <message>
        <source>Scan</source>
        <translation>Numériser</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>ScanSettings</name>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Pages</translation>
    </message>
    <message>
        <source>One page</source>
        <translation>Une page</translation>
    </message>
    <message>
        <source>Several pages</source>
        <translation>Plusieurs pages</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Couleur</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <extracomment>Resolution of a scan, in dots per inch</extracomment>
        <translation>Finesse</translation>
    </message>
    <message>
        <source>%1 dpi</source>
        <extracomment>Dots per inch</extracomment>
        <translation>%1 ppp</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search for</source>
        <translation>Rechercher</translation>
    </message>
</context>
<context>
    <name>SendInstructionsPage</name>
    <message>
        <source>The message has the code, the address and the steps. The code opens nothing but the page to sign in.</source>
        <translation>Le message contient le code, l’adresse et les étapes. Le code n’ouvre rien d’autre que la page de connexion.</translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation>Adresse e-mail</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Envoyer</translation>
    </message>
    <message>
        <source>Send by e-mail</source>
        <translation>Envoyer par e-mail</translation>
    </message>
</context>
<context>
    <name>ServiceLost</name>
    <message>
        <source>Code: %1</source>
        <translation>Code&#xa0;: %1</translation>
    </message>
    <message>
        <source>This takes a few seconds.</source>
        <translation>Cela prend quelques secondes.</translation>
    </message>
    <message>
        <source>The panel reconnects by itself. Running jobs go on, and nothing is lost.</source>
        <translation>L’écran se reconnecte tout seul. Les tâches en cours continuent et rien n’est perdu.</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Démarrage…</translation>
    </message>
    <message>
        <source>One moment, please</source>
        <translation>Un instant, s’il vous plaît</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Setting up</source>
        <translation>Mise en service</translation>
    </message>
    <message>
        <source>Nobody administers this device so far. Open %1 in a browser, and enter this code:</source>
        <extracomment>%1 is a web address</extracomment>
        <translation>Personne n’administre encore cet appareil. Ouvrez %1 dans un navigateur et saisissez ce code :</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Contraste</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <source>High</source>
        <translation>Élevé</translation>
    </message>
    <message>
        <source>About</source>
        <translation>À propos</translation>
    </message>
    <message>
        <source>Cloud Connector %1</source>
        <extracomment>%1 is a version number</extracomment>
        <translation>Cloud Connector %1</translation>
    </message>
    <message>
        <source>Sign-in page: %1</source>
        <extracomment>%1 is a web address</extracomment>
        <translation>Page de connexion&#xa0;: %1</translation>
    </message>
    <message>
        <source>Printer: %1</source>
        <translation>Imprimante&#xa0;: %1</translation>
    </message>
    <message>
        <source>Scanner: %1</source>
        <translation>Scanner&#xa0;: %1</translation>
    </message>
</context>
<context>
    <name>ShortcutEditPage</name>
    <message>
        <source>Edit shortcut</source>
        <translation>Modifier le raccourci</translation>
    </message>
    <message>
        <source>New print shortcut</source>
        <translation>Nouveau raccourci d’impression</translation>
    </message>
    <message>
        <source>New scan shortcut</source>
        <translation>Nouveau raccourci de numérisation</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>File name</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>%1, date and time</source>
        <extracomment>%1 is a name; the date and time follow it in a file&apos;s name</extracomment>
        <translation>%1, date et heure</translation>
    </message>
    <message>
        <source>Home screen</source>
        <translation>Accueil</translation>
    </message>
    <message>
        <source>Show there</source>
        <translation>Afficher</translation>
    </message>
    <message>
        <source>Not there</source>
        <translation>Ne pas afficher</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
</context>
<context>
    <name>ShortcutNamePage</name>
    <message>
        <source>Name of the shortcut</source>
        <translation>Nom du raccourci</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Shortcut&apos;s name</source>
        <translation>Nom du raccourci</translation>
    </message>
</context>
<context>
    <name>ShortcutPage</name>
    <message>
        <source>Edit</source>
        <translation>Modifier</translation>
    </message>
    <message>
        <source>Code: %1</source>
        <extracomment>%1 is an error code such as &quot;offline&quot;; people tell it to their administrator</extracomment>
        <translation>Code&#xa0;: %1</translation>
    </message>
    <message>
        <source>File name</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>%1, date and time</source>
        <extracomment>%1 is a name; the date and time follow it in a file&apos;s name</extracomment>
        <translation>%1, date et heure</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>The file or folder in the cloud stays.</source>
        <translation>Le fichier ou le dossier reste dans le cloud.</translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <extracomment>%1 is a shortcut&apos;s name</extracomment>
        <translation>Supprimer «&#xa0;%1&#xa0;»&#xa0;?</translation>
    </message>
    <message>
        <source>Delete shortcut</source>
        <translation>Supprimer le raccourci</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Choose another file</source>
        <translation>Choisir un autre fichier</translation>
    </message>
    <message>
        <source>Choose another folder</source>
        <translation>Choisir un autre dossier</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>Imprimer</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Numériser</translation>
    </message>
</context>
<context>
    <name>ShortcutRenamePage</name>
    <message>
        <source>Name of the shortcut</source>
        <translation>Nom du raccourci</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Renommer</translation>
    </message>
</context>
<context>
    <name>ShortcutTile</name>
    <message>
        <source>Print</source>
        <translation>Imprimer</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Numériser</translation>
    </message>
</context>
<context>
    <name>ShortcutsPage</name>
    <message>
        <source>Shortcuts</source>
        <translation>Raccourcis</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>Try another part of its name.</source>
        <translation>Essayez une autre partie de son nom.</translation>
    </message>
    <message>
        <source>Print a file or scan into a folder with one tap: open a cloud, and choose “Add shortcut” in the menu beside the file or folder.</source>
        <translation>Imprimez un fichier ou numérisez dans un dossier d’un seul geste : ouvrez un cloud et choisissez « Ajouter un raccourci » dans le menu à côté du fichier ou du dossier.</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Aucun résultat</translation>
    </message>
    <message>
        <source>No shortcuts yet</source>
        <translation>Aucun raccourci</translation>
    </message>
    <message>
        <source>On the home screen</source>
        <translation>Sur l’écran d’accueil</translation>
    </message>
    <message>
        <source>Menu of %1</source>
        <translation>Menu de %1</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Renommer</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Modifier</translation>
    </message>
    <message>
        <source>Take off the home screen</source>
        <translation>Retirer de l’accueil</translation>
    </message>
    <message>
        <source>Show on the home screen</source>
        <translation>Afficher à l’accueil</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>The file or folder in the cloud stays.</source>
        <translation>Le fichier ou le dossier reste dans le cloud.</translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <extracomment>%1 is a shortcut&apos;s name</extracomment>
        <translation>Supprimer «&#xa0;%1&#xa0;»&#xa0;?</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>Too many wrong tries. Try again in %1.</source>
        <translation>Trop d’essais erronés. Réessayez dans %1.</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Se connecter</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>Way to sign in</source>
        <translation>Façon de se connecter</translation>
    </message>
    <message>
        <source>Try another part of the name.</source>
        <translation>Essayez une autre partie du nom.</translation>
    </message>
    <message>
        <source>Ask your administrator.</source>
        <translation>Demandez à votre administrateur.</translation>
    </message>
    <message>
        <source>Nobody found</source>
        <translation>Personne de ce nom</translation>
    </message>
    <message>
        <source>Nobody is on the list yet</source>
        <translation>La liste est encore vide</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Connexion…</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>Nom d’utilisateur</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>Enter your PIN</source>
        <translation>Entrez votre code PIN</translation>
    </message>
    <message>
        <source>Your own, which nobody else has.</source>
        <translation>Votre code personnel, que vous seul connaissez.</translation>
    </message>
    <message>
        <source>You are signed in as soon as it is read.</source>
        <translation>Vous êtes connecté dès qu’elle est lue.</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Connexion impossible</translation>
    </message>
    <message>
        <source>Hold your card to the reader</source>
        <translation>Présentez votre carte au lecteur</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>SignInSecretPage</name>
    <message>
        <source>Too many wrong tries. Try again in %1.</source>
        <translation>Trop d’essais erronés. Réessayez dans %1.</translation>
    </message>
    <message>
        <source>Wrong PIN.</source>
        <translation>Code erroné.</translation>
    </message>
    <message>
        <source>Wrong password.</source>
        <translation>Mot de passe erroné.</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Se connecter</translation>
    </message>
    <message>
        <source>Enter your PIN</source>
        <translation>Entrez votre code PIN</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>Skeleton</name>
    <message>
        <source>Still loading…</source>
        <extracomment>Shown when reading a list takes more than a second; Back leaves</extracomment>
        <translation>Chargement en cours…</translation>
    </message>
</context>
<context>
    <name>StageList</name>
    <message>
        <source>done</source>
        <translation>fait</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>to come</source>
        <translation>à venir</translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <source>Fewer: %1</source>
        <translation>Moins&#xa0;: %1</translation>
    </message>
    <message>
        <source>More: %1</source>
        <translation>Plus&#xa0;: %1</translation>
    </message>
</context>
<context>
    <name>UserButton</name>
    <message>
        <source>Sign in</source>
        <translation>Se connecter</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Fermer la session</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>Invité</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Se reconnecter</translation>
    </message>
    <message>
        <source>Get a new code</source>
        <translation>Obtenir un nouveau code</translation>
    </message>
    <message>
        <source>The panel lost its service</source>
        <translation>L’écran a perdu son service</translation>
    </message>
    <message>
        <source>It reconnects by itself. Running jobs go on.</source>
        <translation>Il se reconnecte tout seul. Les tâches en cours continuent.</translation>
    </message>
    <message>
        <source>No network</source>
        <translation>Pas de réseau</translation>
    </message>
    <message>
        <source>This device cannot reach the internet.</source>
        <translation>Cet appareil n’accède pas à Internet.</translation>
    </message>
    <message>
        <source>Check the network cable or Wi-Fi, then try again.</source>
        <translation>Vérifiez le câble réseau ou le Wi-Fi, puis réessayez.</translation>
    </message>
    <message>
        <source>No answer in time</source>
        <translation>Pas de réponse à temps</translation>
    </message>
    <message>
        <source>The cloud took too long to answer.</source>
        <translation>Le cloud a mis trop de temps à répondre.</translation>
    </message>
    <message>
        <source>Wait a moment, then try again.</source>
        <translation>Patientez un instant, puis réessayez.</translation>
    </message>
    <message>
        <source>The cloud is not available</source>
        <translation>Le cloud n’est pas disponible</translation>
    </message>
    <message>
        <source>It answered that it cannot work right now.</source>
        <translation>Il indique ne pas pouvoir travailler pour le moment.</translation>
    </message>
    <message>
        <source>Wait a few minutes, then try again.</source>
        <translation>Patientez quelques minutes, puis réessayez.</translation>
    </message>
    <message>
        <source>The cloud asks us to slow down</source>
        <translation>Le cloud nous demande de ralentir</translation>
    </message>
    <message>
        <source>Too much was asked of this account in a short time.</source>
        <translation>Ce compte a été trop sollicité en peu de temps.</translation>
    </message>
    <message>
        <source>Wait a minute, then try again.</source>
        <translation>Patientez une minute, puis réessayez.</translation>
    </message>
    <message>
        <source>Busy at the moment</source>
        <translation>Occupé pour le moment</translation>
    </message>
    <message>
        <source>Someone else is using it.</source>
        <translation>Quelqu’un d’autre l’utilise.</translation>
    </message>
    <message>
        <source>Wait until it is free, then try again.</source>
        <translation>Attendez qu’il soit libre, puis réessayez.</translation>
    </message>
    <message>
        <source>The proxy refused the connection</source>
        <translation>Le proxy a refusé la connexion</translation>
    </message>
    <message>
        <source>The network&apos;s proxy server does not let this device through.</source>
        <translation>Le serveur proxy du réseau ne laisse pas passer cet appareil.</translation>
    </message>
    <message>
        <source>Tell your administrator.</source>
        <translation>Prévenez votre administrateur.</translation>
    </message>
    <message>
        <source>The connection is not secure</source>
        <translation>La connexion n’est pas sûre</translation>
    </message>
    <message>
        <source>The other side could not prove who it is, so nothing was sent.</source>
        <translation>L’autre côté n’a pas pu prouver son identité&#xa0;; rien n’a été envoyé.</translation>
    </message>
    <message>
        <source>Check this device&apos;s date and time, or tell your administrator.</source>
        <translation>Vérifiez la date et l’heure de cet appareil, ou prévenez votre administrateur.</translation>
    </message>
    <message>
        <source>Date or time is wrong</source>
        <translation>La date ou l’heure est fausse</translation>
    </message>
    <message>
        <source>Secure connections need the right date and time.</source>
        <translation>Les connexions sûres exigent une date et une heure exactes.</translation>
    </message>
    <message>
        <source>Ask your administrator to set this device&apos;s clock.</source>
        <translation>Demandez à votre administrateur de régler l’horloge de cet appareil.</translation>
    </message>
    <message>
        <source>The sign-in page cannot be reached</source>
        <translation>La page de connexion est inaccessible</translation>
    </message>
    <message>
        <source>So no code could be made.</source>
        <translation>Aucun code n’a donc pu être créé.</translation>
    </message>
    <message>
        <source>Check the network, then try again.</source>
        <translation>Vérifiez le réseau, puis réessayez.</translation>
    </message>
    <message>
        <source>No code could be made</source>
        <translation>Aucun code n’a pu être créé</translation>
    </message>
    <message>
        <source>The sign-in page answered with an error.</source>
        <translation>La page de connexion a répondu par une erreur.</translation>
    </message>
    <message>
        <source>Try again, or tell your administrator.</source>
        <translation>Réessayez, ou prévenez votre administrateur.</translation>
    </message>
    <message>
        <source>The code has expired</source>
        <translation>Le code a expiré</translation>
    </message>
    <message>
        <source>Codes are only good for a limited time.</source>
        <translation>Les codes ne sont valables que pour un temps limité.</translation>
    </message>
    <message>
        <source>Get a new code. Your profile is kept.</source>
        <translation>Obtenez un nouveau code. Votre profil est conservé.</translation>
    </message>
    <message>
        <source>The profile was not opened in time.</source>
        <translation>Le profil n’a pas été ouvert à temps.</translation>
    </message>
    <message>
        <source>Not linked yet</source>
        <translation>Pas encore associé</translation>
    </message>
    <message>
        <source>This profile has no cloud account so far.</source>
        <translation>Ce profil n’a pas encore de compte cloud.</translation>
    </message>
    <message>
        <source>Get a code and sign in with your phone.</source>
        <translation>Obtenez un code et connectez-vous avec votre téléphone.</translation>
    </message>
    <message>
        <source>Access was not allowed</source>
        <translation>L’accès n’a pas été autorisé</translation>
    </message>
    <message>
        <source>At the sign-in, access to the files was refused.</source>
        <translation>Lors de la connexion, l’accès aux fichiers a été refusé.</translation>
    </message>
    <message>
        <source>Get a new code and choose to allow access.</source>
        <translation>Obtenez un nouveau code et autorisez l’accès.</translation>
    </message>
    <message>
        <source>Access has ended</source>
        <translation>L’accès a pris fin</translation>
    </message>
    <message>
        <source>The cloud no longer lets this device see the account.</source>
        <translation>Le cloud ne laisse plus cet appareil voir le compte.</translation>
    </message>
    <message>
        <source>Sign in again. Your profile is kept.</source>
        <translation>Reconnectez-vous. Votre profil est conservé.</translation>
    </message>
    <message>
        <source>This account is not allowed here</source>
        <translation>Ce compte n’est pas autorisé ici</translation>
    </message>
    <message>
        <source>Only some e-mail addresses may be used on this device.</source>
        <translation>Seules certaines adresses e-mail sont admises sur cet appareil.</translation>
    </message>
    <message>
        <source>Sign in with an account that is allowed.</source>
        <translation>Connectez-vous avec un compte autorisé.</translation>
    </message>
    <message>
        <source>This profile is locked</source>
        <translation>Ce profil est verrouillé</translation>
    </message>
    <message>
        <source>It closes by itself when nobody uses it.</source>
        <translation>Il se ferme tout seul quand personne ne l’utilise.</translation>
    </message>
    <message>
        <source>Enter its PIN to open it again.</source>
        <translation>Saisissez son code PIN pour le rouvrir.</translation>
    </message>
    <message>
        <source>Enter PIN</source>
        <translation>Saisir le code PIN</translation>
    </message>
    <message>
        <source>Wrong PIN</source>
        <translation>Code erroné</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Réessayez.</translation>
    </message>
    <message>
        <source>This PIN cannot be used</source>
        <translation>Ce code PIN ne convient pas</translation>
    </message>
    <message>
        <source>Choose 4 to 8 digits.</source>
        <translation>Choisissez 4 à 8 chiffres.</translation>
    </message>
    <message>
        <source>This PIN no longer works</source>
        <translation>Ce code PIN ne fonctionne plus</translation>
    </message>
    <message>
        <source>It was entered wrongly too many times.</source>
        <translation>Il a été mal saisi trop de fois.</translation>
    </message>
    <message>
        <source>Sign in again to set a new one.</source>
        <translation>Reconnectez-vous pour en définir un nouveau.</translation>
    </message>
    <message>
        <source>This is not an e-mail address</source>
        <translation>Ce n’est pas une adresse e-mail</translation>
    </message>
    <message>
        <source>Type it again, for example name@example.org.</source>
        <translation>Saisissez-la à nouveau, par exemple nom@example.org.</translation>
    </message>
    <message>
        <source>This device sends no e-mail</source>
        <translation>Cet appareil n’envoie pas d’e-mails</translation>
    </message>
    <message>
        <source>No mail server is set up.</source>
        <translation>Aucun serveur de messagerie n’est configuré.</translation>
    </message>
    <message>
        <source>Print the instructions instead, or ask the administrator.</source>
        <translation>Imprimez plutôt les instructions, ou demandez à l’administrateur.</translation>
    </message>
    <message>
        <source>The mail server refused the message</source>
        <translation>Le serveur de messagerie a refusé le message</translation>
    </message>
    <message>
        <source>Check the address.</source>
        <translation>Vérifiez l’adresse.</translation>
    </message>
    <message>
        <source>The mail server refused this device</source>
        <translation>Le serveur de messagerie a refusé cet appareil</translation>
    </message>
    <message>
        <source>Its user name or password is wrong.</source>
        <translation>Son nom d’utilisateur ou son mot de passe est incorrect.</translation>
    </message>
    <message>
        <source>Ask the administrator to correct the mail settings.</source>
        <translation>Demandez à l’administrateur de corriger les réglages de messagerie.</translation>
    </message>
    <message>
        <source>Too many e-mails were sent</source>
        <translation>Trop d’e-mails ont été envoyés</translation>
    </message>
    <message>
        <source>Wait a while, or print the instructions instead.</source>
        <translation>Patientez, ou imprimez plutôt les instructions.</translation>
    </message>
    <message>
        <source>The mail server cannot be reached</source>
        <translation>Le serveur de messagerie est injoignable</translation>
    </message>
    <message>
        <source>Try again later, or print the instructions instead.</source>
        <translation>Réessayez plus tard, ou imprimez plutôt les instructions.</translation>
    </message>
    <message>
        <source>A new PIN is needed</source>
        <translation>Un nouveau code est nécessaire</translation>
    </message>
    <message>
        <source>The old one was entered wrongly too many times.</source>
        <translation>L’ancien a été mal saisi trop de fois.</translation>
    </message>
    <message>
        <source>Choose a new PIN, then sign in again.</source>
        <translation>Choisissez un nouveau code, puis reconnectez-vous.</translation>
    </message>
    <message>
        <source>Too many wrong PINs</source>
        <translation>Trop de codes erronés</translation>
    </message>
    <message>
        <source>The profile is locked for a while.</source>
        <translation>Le profil est verrouillé pour un moment.</translation>
    </message>
    <message>
        <source>Wait until the time is up.</source>
        <translation>Attendez la fin du délai.</translation>
    </message>
    <message>
        <source>This name is taken</source>
        <translation>Ce nom est déjà pris</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Choisissez un autre nom.</translation>
    </message>
    <message>
        <source>There is no room for another profile</source>
        <translation>Il n’y a plus de place pour un profil</translation>
    </message>
    <message>
        <source>As many as this device keeps are there.</source>
        <translation>L’appareil en conserve déjà autant qu’il peut.</translation>
    </message>
    <message>
        <source>Delete one that nobody needs any more.</source>
        <translation>Supprimez-en un dont personne n’a plus besoin.</translation>
    </message>
    <message>
        <source>The device is busy with too many programs</source>
        <translation>Trop de programmes occupent l’appareil</translation>
    </message>
    <message>
        <source>This name cannot be used</source>
        <translation>Ce nom ne convient pas</translation>
    </message>
    <message>
        <source>Use 1 to 40 letters.</source>
        <translation>Utilisez 1 à 40 lettres.</translation>
    </message>
    <message>
        <source>It is no longer there</source>
        <translation>L’élément n’est plus là</translation>
    </message>
    <message>
        <source>It was moved or deleted in the cloud.</source>
        <translation>Il a été déplacé ou supprimé dans le cloud.</translation>
    </message>
    <message>
        <source>Go back and choose again.</source>
        <translation>Revenez en arrière et choisissez à nouveau.</translation>
    </message>
    <message>
        <source>The list has changed</source>
        <translation>La liste a changé</translation>
    </message>
    <message>
        <source>It was changed while it was being read.</source>
        <translation>Elle a été modifiée pendant la lecture.</translation>
    </message>
    <message>
        <source>Read it again.</source>
        <translation>Relisez-la.</translation>
    </message>
    <message>
        <source>No permission</source>
        <translation>Pas d’autorisation</translation>
    </message>
    <message>
        <source>This account may not do that here.</source>
        <translation>Ce compte n’a pas ce droit ici.</translation>
    </message>
    <message>
        <source>Choose another folder or file.</source>
        <translation>Choisissez un autre dossier ou fichier.</translation>
    </message>
    <message>
        <source>This kind of file cannot be printed</source>
        <translation>Ce type de fichier ne s’imprime pas</translation>
    </message>
    <message>
        <source>Save it as PDF and print that.</source>
        <translation>Enregistrez-le en PDF et imprimez ce dernier.</translation>
    </message>
    <message>
        <source>This is not possible here</source>
        <translation>Ce n’est pas possible ici</translation>
    </message>
    <message>
        <source>Choose something else.</source>
        <translation>Choisissez autre chose.</translation>
    </message>
    <message>
        <source>The cloud storage is full</source>
        <translation>Le stockage du cloud est plein</translation>
    </message>
    <message>
        <source>The account has no room for this document.</source>
        <translation>Le compte n’a plus de place pour ce document.</translation>
    </message>
    <message>
        <source>Make room in the account, or choose another one.</source>
        <translation>Libérez de la place dans le compte, ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>The document is too large</source>
        <translation>Le document est trop volumineux</translation>
    </message>
    <message>
        <source>The account&apos;s plan does not take files of this size.</source>
        <translation>L’offre du compte n’accepte pas de fichiers de cette taille.</translation>
    </message>
    <message>
        <source>Scan fewer pages or choose a lower resolution.</source>
        <translation>Numérisez moins de pages ou choisissez une résolution plus basse.</translation>
    </message>
    <message>
        <source>The file could not be made printable</source>
        <translation>Le fichier n’a pas pu être préparé pour l’impression</translation>
    </message>
    <message>
        <source>It may be damaged or protected.</source>
        <translation>Il est peut-être endommagé ou protégé.</translation>
    </message>
    <message>
        <source>The document is damaged</source>
        <translation>Le document est endommagé</translation>
    </message>
    <message>
        <source>It cannot be read to its end.</source>
        <translation>Il ne peut pas être lu jusqu’au bout.</translation>
    </message>
    <message>
        <source>Save it again as PDF and print that.</source>
        <translation>Enregistrez-le à nouveau en PDF et imprimez ce dernier.</translation>
    </message>
    <message>
        <source>The file did not arrive whole</source>
        <translation>Le fichier n’est pas arrivé en entier</translation>
    </message>
    <message>
        <source>What arrived differs from what was sent.</source>
        <translation>Ce qui est arrivé diffère de ce qui a été envoyé.</translation>
    </message>
    <message>
        <source>The file has changed</source>
        <translation>Le fichier a changé</translation>
    </message>
    <message>
        <source>It was changed in the cloud after you chose it.</source>
        <translation>Il a été modifié dans le cloud après votre choix.</translation>
    </message>
    <message>
        <source>Go back and choose it again.</source>
        <translation>Revenez en arrière et choisissez-le à nouveau.</translation>
    </message>
    <message>
        <source>The printer does not answer</source>
        <translation>L’imprimante ne répond pas</translation>
    </message>
    <message>
        <source>It may be off or not connected.</source>
        <translation>L’appareil est peut-être éteint ou débranché.</translation>
    </message>
    <message>
        <source>Switch it on and check its cable.</source>
        <translation>Allumez-le et vérifiez son câble.</translation>
    </message>
    <message>
        <source>The printer has stopped</source>
        <translation>L’imprimante s’est arrêtée</translation>
    </message>
    <message>
        <source>Look at the printer&apos;s own display.</source>
        <translation>Consultez l’écran de l’imprimante.</translation>
    </message>
    <message>
        <source>The printer did not take the document</source>
        <translation>L’imprimante a refusé le document</translation>
    </message>
    <message>
        <source>It cannot print it with these settings.</source>
        <translation>Elle ne peut pas l’imprimer avec ces réglages.</translation>
    </message>
    <message>
        <source>Choose other settings and try again.</source>
        <translation>Choisissez d’autres réglages et réessayez.</translation>
    </message>
    <message>
        <source>The scanner does not answer</source>
        <translation>Le scanner ne répond pas</translation>
    </message>
    <message>
        <source>The scanner is busy</source>
        <translation>Le scanner est occupé</translation>
    </message>
    <message>
        <source>Someone else is scanning.</source>
        <translation>Quelqu’un d’autre numérise.</translation>
    </message>
    <message>
        <source>The scanner stopped</source>
        <translation>Le scanner s’est arrêté</translation>
    </message>
    <message>
        <source>It reported an error.</source>
        <translation>Il a signalé une erreur.</translation>
    </message>
    <message>
        <source>Switch it off and on, then try again.</source>
        <translation>Éteignez-le, rallumez-le, puis réessayez.</translation>
    </message>
    <message>
        <source>The feeder is empty</source>
        <translation>Le chargeur est vide</translation>
    </message>
    <message>
        <source>Put your pages into the feeder.</source>
        <translation>Placez vos pages dans le chargeur.</translation>
    </message>
    <message>
        <source>Paper is stuck in the feeder</source>
        <translation>Du papier est coincé dans le chargeur</translation>
    </message>
    <message>
        <source>Open the feeder, take the paper out and put back what is not scanned yet.</source>
        <translation>Ouvrez le chargeur, retirez le papier et remettez ce qui n’est pas encore numérisé.</translation>
    </message>
    <message>
        <source>The scanner&apos;s cover is open</source>
        <translation>Le capot du scanner est ouvert</translation>
    </message>
    <message>
        <source>Close the cover.</source>
        <translation>Fermez le capot.</translation>
    </message>
    <message>
        <source>The printer is out of paper</source>
        <translation>L’imprimante n’a plus de papier</translation>
    </message>
    <message>
        <source>Load paper. Printing goes on by itself.</source>
        <translation>Ajoutez du papier. L’impression reprend toute seule.</translation>
    </message>
    <message>
        <source>The printer needs other paper</source>
        <translation>L’imprimante demande un autre papier</translation>
    </message>
    <message>
        <source>Load the paper you chose. Printing goes on by itself.</source>
        <translation>Placez le papier choisi. L’impression reprend toute seule.</translation>
    </message>
    <message>
        <source>Paper is stuck in the printer</source>
        <translation>Du papier est coincé dans l’imprimante</translation>
    </message>
    <message>
        <source>Open the printer and take the paper out. Printing goes on by itself.</source>
        <translation>Ouvrez l’imprimante et retirez le papier. L’impression reprend toute seule.</translation>
    </message>
    <message>
        <source>The printer&apos;s cover is open</source>
        <translation>Le capot de l’imprimante est ouvert</translation>
    </message>
    <message>
        <source>Close the cover. Printing goes on by itself.</source>
        <translation>Fermez le capot. L’impression reprend toute seule.</translation>
    </message>
    <message>
        <source>The printer&apos;s door is open</source>
        <translation>La porte de l’imprimante est ouverte</translation>
    </message>
    <message>
        <source>Close the door. Printing goes on by itself.</source>
        <translation>Fermez la porte. L’impression reprend toute seule.</translation>
    </message>
    <message>
        <source>The printer is out of toner</source>
        <translation>L’imprimante n’a plus de toner</translation>
    </message>
    <message>
        <source>Put in a new cartridge. Printing goes on by itself.</source>
        <translation>Placez une nouvelle cartouche. L’impression reprend toute seule.</translation>
    </message>
    <message>
        <source>The printer is out of ink or toner</source>
        <translation>L’imprimante n’a plus d’encre ou de toner</translation>
    </message>
    <message>
        <source>The output tray is full</source>
        <translation>Le bac de sortie est plein</translation>
    </message>
    <message>
        <source>Take the pages out. Printing goes on by itself.</source>
        <translation>Retirez les pages. L’impression reprend toute seule.</translation>
    </message>
    <message>
        <source>The printer is paused</source>
        <translation>L’imprimante est en pause</translation>
    </message>
    <message>
        <source>Start it again at its own display.</source>
        <translation>Relancez-la sur son propre écran.</translation>
    </message>
    <message>
        <source>The printer is busy</source>
        <translation>L’imprimante est occupée</translation>
    </message>
    <message>
        <source>It is printing something else first.</source>
        <translation>Elle imprime d’abord autre chose.</translation>
    </message>
    <message>
        <source>Your pages come after that.</source>
        <translation>Vos pages viennent ensuite.</translation>
    </message>
    <message>
        <source>Waiting for the network</source>
        <translation>En attente du réseau</translation>
    </message>
    <message>
        <source>The cloud cannot be reached right now.</source>
        <translation>Le cloud est inaccessible pour le moment.</translation>
    </message>
    <message>
        <source>It goes on by itself. You may leave.</source>
        <translation>La tâche reprend toute seule. Vous pouvez partir.</translation>
    </message>
    <message>
        <source>This device&apos;s disk is full</source>
        <translation>Le disque de cet appareil est plein</translation>
    </message>
    <message>
        <source>Wait until other jobs are done, or tell your administrator.</source>
        <translation>Attendez la fin des autres tâches, ou prévenez votre administrateur.</translation>
    </message>
    <message>
        <source>This device&apos;s disk does not work</source>
        <translation>Le disque de cet appareil ne fonctionne pas</translation>
    </message>
    <message>
        <source>This device is short of memory</source>
        <translation>Cet appareil manque de mémoire</translation>
    </message>
    <message>
        <source>Wait until other jobs are done, then try again.</source>
        <translation>Attendez la fin des autres tâches, puis réessayez.</translation>
    </message>
    <message>
        <source>This has been answered already</source>
        <translation>La réponse a déjà été donnée</translation>
    </message>
    <message>
        <source>The job goes on.</source>
        <translation>La tâche continue.</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Annulé</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Rien n’a été modifié.</translation>
    </message>
    <message>
        <source>The answer made no sense</source>
        <translation>La réponse est incompréhensible</translation>
    </message>
    <message>
        <source>The other side sent something that cannot be read.</source>
        <translation>L’autre côté a envoyé quelque chose d’illisible.</translation>
    </message>
    <message>
        <source>Try again. If it stays, tell your administrator the code below.</source>
        <translation>Réessayez. Si cela persiste, donnez le code ci-dessous à votre administrateur.</translation>
    </message>
    <message>
        <source>This did not work</source>
        <translation>Cela n’a pas fonctionné</translation>
    </message>
    <message>
        <source>Out of paper</source>
        <translation>Plus de papier</translation>
    </message>
    <message>
        <source>Paper jam</source>
        <translation>Bourrage papier</translation>
    </message>
    <message>
        <source>Cover open</source>
        <translation>Capot ouvert</translation>
    </message>
    <message>
        <source>Out of toner</source>
        <translation>Plus de toner</translation>
    </message>
    <message>
        <source>Out of ink or toner</source>
        <translation>Plus d’encre ou de toner</translation>
    </message>
    <message>
        <source>Output tray full</source>
        <translation>Bac de sortie plein</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>En pause</translation>
    </message>
    <message>
        <source>Ready, toner low</source>
        <translation>Disponible, toner faible</translation>
    </message>
    <message>
        <source>Ready, ink or toner low</source>
        <translation>Disponible, encre ou toner faible</translation>
    </message>
    <message>
        <source>Ready, paper low</source>
        <translation>Disponible, peu de papier</translation>
    </message>
    <message>
        <source>Feeder empty</source>
        <translation>Chargeur vide</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Disponible</translation>
    </message>
    <message>
        <source>Printing</source>
        <translation>Impression en cours</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Arrêt</translation>
    </message>
    <message>
        <source>Does not answer</source>
        <translation>Ne répond pas</translation>
    </message>
    <message>
        <source>Scanning</source>
        <translation>Numérisation</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Couleur</translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation>Noir et blanc</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>Gris</translation>
    </message>
    <message>
        <source>One side</source>
        <translation>Recto</translation>
    </message>
    <message>
        <source>Both sides</source>
        <translation>Recto verso</translation>
    </message>
    <message>
        <source>Both, short edge</source>
        <translation>Bord court</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>Brouillon</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <source>High</source>
        <translation>Élevé</translation>
    </message>
    <message>
        <source>Glass</source>
        <translation>Vitre</translation>
    </message>
    <message>
        <source>Feeder</source>
        <translation>Chargeur</translation>
    </message>
    <message>
        <source>Feeder, both sides</source>
        <translation>Chargeur recto verso</translation>
    </message>
    <message>
        <source>A3</source>
        <translation>A3</translation>
    </message>
    <message>
        <source>A4</source>
        <translation>A4</translation>
    </message>
    <message>
        <source>A5</source>
        <translation>A5</translation>
    </message>
    <message>
        <source>A6</source>
        <translation>A6</translation>
    </message>
    <message>
        <source>B5</source>
        <translation>B5</translation>
    </message>
    <message>
        <source>B5 (JIS)</source>
        <translation>B5 (JIS)</translation>
    </message>
    <message>
        <source>Envelope DL</source>
        <translation>Enveloppe DL</translation>
    </message>
    <message>
        <source>Envelope C5</source>
        <translation>Enveloppe C5</translation>
    </message>
    <message>
        <source>Letter</source>
        <translation>Letter</translation>
    </message>
    <message>
        <source>Legal</source>
        <translation>Legal</translation>
    </message>
    <message>
        <source>Executive</source>
        <translation>Executive</translation>
    </message>
    <message>
        <source>Tabloid</source>
        <translation>Tabloid</translation>
    </message>
    <message>
        <source>Envelope No. 10</source>
        <translation>Enveloppe n° 10</translation>
    </message>
    <message>
        <source>Photo 10 x 15 cm</source>
        <translation>Photo 10 x 15 cm</translation>
    </message>
    <message>
        <source>Photo 13 x 18 cm</source>
        <translation>Photo 13 x 18 cm</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texte</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Document</translation>
    </message>
    <message>
        <source>Spreadsheet</source>
        <translation>Tableur</translation>
    </message>
    <message>
        <source>Presentation</source>
        <translation>Présentation</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archive</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Son</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Vidéo</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Waiting for sign-in</source>
        <translation>En attente de connexion</translation>
    </message>
    <message>
        <source>Ready to open</source>
        <translation>Prêt à ouvrir</translation>
    </message>
    <message>
        <source>Code expired: tap for a new one</source>
        <translation>Code expiré&#xa0;: touchez pour un nouveau</translation>
    </message>
    <message>
        <source>Access has ended: sign in again</source>
        <translation>Accès terminé&#xa0;: reconnectez-vous</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Acceptée</translation>
    </message>
    <message>
        <source>Get from the cloud</source>
        <translation>Obtenir du cloud</translation>
    </message>
    <message>
        <source>Prepare</source>
        <translation>Préparer</translation>
    </message>
    <message>
        <source>Send to the printer</source>
        <translation>Envoyer à l’imprimante</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>Imprimer</translation>
    </message>
    <message>
        <source>Scan the pages</source>
        <translation>Numériser les pages</translation>
    </message>
    <message>
        <source>Make the document</source>
        <translation>Composer le document</translation>
    </message>
    <message>
        <source>Save in the cloud</source>
        <translation>Enregistrer dans le cloud</translation>
    </message>
    <message>
        <source>Sign in with an e-mail address at: %1.</source>
        <extracomment>%1 is a list such as &quot;example.org, example.com&quot;</extracomment>
        <translation>Connectez-vous avec une adresse e-mail de&#xa0;: %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n octet</numerusform>
            <numerusform>%n octets</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 KB</source>
        <translation>%1 Ko</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 Mo</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 Go</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <extracomment>Progress: &quot;1.2 MB of 7.0 MB&quot;</extracomment>
        <translation>%1 sur %2</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <extracomment>Date of a file, in the form of Qt&apos;s QDateTime::toString</extracomment>
        <translation>d MMM yyyy</translation>
    </message>
    <message>
        <source>dddd d MMMM</source>
        <extracomment>Date on the home screen, in the form of Qt&apos;s QDateTime::toString</extracomment>
        <translation>dddd d MMMM</translation>
    </message>
    <message>
        <source>dddd d MMMM, HH:mm</source>
        <extracomment>Date and time, in the form of Qt&apos;s QDateTime::toString</extracomment>
        <translation>dddd d MMMM à HH:mm</translation>
    </message>
    <message numerus="yes">
        <source>%n copies</source>
        <translation>
            <numerusform>%n copie</numerusform>
            <numerusform>%n copies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n page</numerusform>
            <numerusform>%n pages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n fichier</numerusform>
            <numerusform>%n fichiers</numerusform>
        </translation>
    </message>
    <message>
        <source>Scan %1</source>
        <extracomment>Name of a scanned document; %1 is date and time such as &quot;2026-11-21 14.05&quot;</extracomment>
        <translation>Numérisation %1</translation>
    </message>
    <message>
        <source>The cloud does not give this file out</source>
        <translation>Le cloud ne remet pas ce fichier</translation>
    </message>
    <message>
        <source>It found something harmful in it, or a rule forbids it.</source>
        <translation>Il y a trouvé quelque chose de dangereux, ou une règle l’interdit.</translation>
    </message>
    <message>
        <source>Ask the owner of the file.</source>
        <translation>Adressez-vous au propriétaire du fichier.</translation>
    </message>
    <message>
        <source>The file is locked</source>
        <translation>Le fichier est verrouillé</translation>
    </message>
    <message>
        <source>Someone is working on it.</source>
        <translation>Quelqu’un y travaille.</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>Réessayez plus tard.</translation>
    </message>
    <message>
        <source>The file is too large to be converted</source>
        <translation>Le fichier est trop grand pour être converti</translation>
    </message>
    <message>
        <source>The cloud makes PDFs only of smaller ones.</source>
        <translation>Le cloud ne convertit en PDF que de plus petits fichiers.</translation>
    </message>
    <message>
        <source>Something was not allowed at the sign-in</source>
        <translation>Une autorisation manque depuis la connexion</translation>
    </message>
    <message>
        <source>A right that is needed here was not given.</source>
        <translation>Un droit nécessaire ici n’a pas été accordé.</translation>
    </message>
    <message>
        <source>Sign in again and allow everything that is asked for.</source>
        <translation>Connectez-vous à nouveau et autorisez tout ce qui est demandé.</translation>
    </message>
    <message>
        <source>The sign-in portal does not know this sign-in</source>
        <translation>Le portail de connexion ne connaît pas cette connexion</translation>
    </message>
    <message>
        <source>Its settings have changed since the account was linked.</source>
        <translation>Ses réglages ont changé depuis que le compte a été lié.</translation>
    </message>
    <message>
        <source>Sign in again, or ask your administrator.</source>
        <translation>Connectez-vous à nouveau, ou adressez-vous à votre administrateur.</translation>
    </message>
    <message>
        <source>Shared with me</source>
        <translation>Partagés avec moi</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Récents</translation>
    </message>
    <message>
        <source>Shared folder</source>
        <translation>Dossier partagé</translation>
    </message>
    <message>
        <source>The cloud asks to wait. It goes on at %1.</source>
        <extracomment>%1 is a time, such as 10:42</extracomment>
        <translation>Le cloud demande d’attendre. La suite à %1.</translation>
    </message>
    <message>
        <source>The cloud does not answer. It is asked again at %1.</source>
        <extracomment>%1 is a time, such as 10:42</extracomment>
        <translation>Le cloud ne répond pas. Nouvel essai à %1.</translation>
    </message>
    <message>
        <source>That was not right</source>
        <translation>Ce n’est pas juste</translation>
    </message>
    <message>
        <source>Check what you entered, then try again.</source>
        <translation>Vérifiez votre saisie, puis réessayez.</translation>
    </message>
    <message>
        <source>Too many wrong tries</source>
        <translation>Trop d’essais erronés</translation>
    </message>
    <message>
        <source>Wait until the time is up, then try again.</source>
        <translation>Attendez la fin du délai, puis réessayez.</translation>
    </message>
    <message>
        <source>This way to sign in is switched off</source>
        <translation>Cette façon de se connecter est désactivée</translation>
    </message>
    <message>
        <source>Choose another one, or ask your administrator.</source>
        <translation>Choisissez-en une autre ou demandez à votre administrateur.</translation>
    </message>
    <message>
        <source>The list of people cannot be reached</source>
        <translation>L’annuaire est injoignable</translation>
    </message>
    <message>
        <source>Your organisation&apos;s directory does not answer.</source>
        <translation>L’annuaire de votre organisation ne répond pas.</translation>
    </message>
    <message>
        <source>Try again in a minute, or tell your administrator.</source>
        <translation>Réessayez dans une minute ou prévenez votre administrateur.</translation>
    </message>
    <message>
        <source>That is not the setup code</source>
        <translation>Ce n’est pas le code d’installation</translation>
    </message>
    <message>
        <source>The administrator&apos;s password is set already</source>
        <translation>Le mot de passe de l’administrateur est déjà défini</translation>
    </message>
    <message>
        <source>The page was too old</source>
        <translation>La page était trop ancienne</translation>
    </message>
    <message>
        <source>Open it again and repeat what you wanted.</source>
        <translation>Ouvrez-la de nouveau et recommencez.</translation>
    </message>
    <message>
        <source>Please sign in</source>
        <translation>Veuillez vous connecter</translation>
    </message>
    <message>
        <source>Guests cannot use this device.</source>
        <translation>Les invités ne peuvent pas utiliser cet appareil.</translation>
    </message>
    <message>
        <source>Tap “Sign in” at the top right.</source>
        <translation>Touchez « Se connecter » en haut à droite.</translation>
    </message>
    <message>
        <source>This is not allowed</source>
        <translation>Ce n’est pas autorisé</translation>
    </message>
    <message>
        <source>You have no right to it.</source>
        <translation>Vous n’en avez pas le droit.</translation>
    </message>
    <message>
        <source>Ask your administrator.</source>
        <translation>Demandez à votre administrateur.</translation>
    </message>
    <message>
        <source>From the list</source>
        <translation>Dans la liste</translation>
    </message>
    <message>
        <source>Name and password</source>
        <translation>Nom et mot de passe</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>Code PIN</translation>
    </message>
    <message>
        <source>Card</source>
        <translation>Carte</translation>
    </message>
    <message>
        <source>This card is not known here. Sign in another way, or ask your administrator.</source>
        <translation>Cette carte n’est pas connue ici. Connectez-vous autrement ou demandez à votre administrateur.</translation>
    </message>
    <message>
        <source>Access ends on %1</source>
        <extracomment>%1 is a date</extracomment>
        <translation>L’accès prend fin le %1</translation>
    </message>
    <message>
        <source>Another guest&apos;s scan</source>
        <translation>Numérisation d’un autre invité</translation>
    </message>
    <message>
        <source>Another guest&apos;s print</source>
        <translation>Impression d’un autre invité</translation>
    </message>
    <message>
        <source>The shortcut is no longer there</source>
        <translation>Le raccourci n’existe plus</translation>
    </message>
    <message>
        <source>It was deleted, or the profile that it was made from.</source>
        <translation>Il a été supprimé, ou le profil dont il dépend.</translation>
    </message>
    <message>
        <source>Make it again, from the menu beside the file or folder.</source>
        <translation>Recréez-le depuis le menu à côté du fichier ou du dossier.</translation>
    </message>
    <message>
        <source>The file is no longer there</source>
        <translation>Le fichier n’existe plus</translation>
    </message>
    <message>
        <source>The folder is no longer there</source>
        <translation>Le dossier n’existe plus</translation>
    </message>
    <message>
        <source>The file may no longer be read</source>
        <translation>Le fichier ne peut plus être lu</translation>
    </message>
    <message>
        <source>The folder takes no new files any more</source>
        <translation>Le dossier n’accepte plus de fichiers</translation>
    </message>
    <message>
        <source>The account&apos;s rights have changed in the cloud.</source>
        <translation>Les droits du compte ont changé dans le cloud.</translation>
    </message>
    <message>
        <source>Choose another file for this shortcut, or delete it.</source>
        <translation>Choisissez un autre fichier pour ce raccourci, ou supprimez-le.</translation>
    </message>
    <message>
        <source>Choose another folder for this shortcut, or delete it.</source>
        <translation>Choisissez un autre dossier pour ce raccourci, ou supprimez-le.</translation>
    </message>
    <message>
        <source>A part of this program is missing</source>
        <translation>Une partie de ce programme manque</translation>
    </message>
    <message>
        <source>It was not installed completely.</source>
        <translation>Il n’est pas installé complètement.</translation>
    </message>
    <message>
        <source>The account&apos;s e-mail address is not verified</source>
        <translation>L’adresse e-mail du compte n’est pas vérifiée</translation>
    </message>
    <message>
        <source>The cloud has not checked whose address it is.</source>
        <translation>Le cloud n’a pas vérifié à qui elle appartient.</translation>
    </message>
    <message>
        <source>Verify it in the settings of the account, then get a new code.</source>
        <translation>Vérifiez-la dans les réglages du compte, puis obtenez un nouveau code.</translation>
    </message>
    <message>
        <source>There is no code any more</source>
        <translation>Il n’y a plus de code</translation>
    </message>
    <message>
        <source>It was used, cancelled, or has run out.</source>
        <translation>Il a été utilisé, annulé, ou a expiré.</translation>
    </message>
    <message>
        <source>This is another account</source>
        <translation>C’est un autre compte</translation>
    </message>
    <message>
        <source>The profile belongs to a different one.</source>
        <translation>Le profil appartient à un compte différent.</translation>
    </message>
    <message>
        <source>Sign in with the profile&apos;s own account, or create a new profile for this one.</source>
        <translation>Connectez-vous avec le compte du profil, ou créez un nouveau profil pour celui-ci.</translation>
    </message>
    <message>
        <source>Something changes its answers on the way, or its address is wrong.</source>
        <translation>Ses réponses sont modifiées en chemin, ou son adresse est fausse.</translation>
    </message>
    <message>
        <source>The sign-in page speaks another version</source>
        <translation>La page de connexion est d’une autre version</translation>
    </message>
    <message>
        <source>It and this device do not fit together.</source>
        <translation>Elle et cet appareil ne vont pas ensemble.</translation>
    </message>
    <message>
        <source>This cloud is not offered here</source>
        <translation>Ce cloud n’est pas proposé ici</translation>
    </message>
    <message>
        <source>The profile is no longer there</source>
        <translation>Le profil n’est plus là</translation>
    </message>
    <message>
        <source>It was deleted, or not used for a long time.</source>
        <translation>Il a été supprimé, ou n’a pas servi depuis longtemps.</translation>
    </message>
    <message>
        <source>Create it again.</source>
        <translation>Créez-le à nouveau.</translation>
    </message>
    <message>
        <source>The profile is closed</source>
        <translation>Le profil est fermé</translation>
    </message>
    <message>
        <source>Open it again.</source>
        <translation>Ouvrez-le à nouveau.</translation>
    </message>
    <message>
        <source>The document is protected by a password</source>
        <translation>Le document est protégé par un mot de passe</translation>
    </message>
    <message>
        <source>It opens only for whoever knows it.</source>
        <translation>Seul qui le connaît peut l’ouvrir.</translation>
    </message>
    <message>
        <source>Save it without the password and print that.</source>
        <translation>Enregistrez-le sans mot de passe et imprimez ce dernier.</translation>
    </message>
    <message>
        <source>The job is no longer there</source>
        <translation>La tâche n’est plus là</translation>
    </message>
    <message>
        <source>It ended a while ago, or was taken off the list.</source>
        <translation>Elle est terminée depuis un moment, ou a été retirée de la liste.</translation>
    </message>
    <message>
        <source>The job has not ended</source>
        <translation>La tâche n’est pas terminée</translation>
    </message>
    <message>
        <source>Wait until it is done, or cancel it.</source>
        <translation>Attendez qu’elle soit terminée, ou annulez-la.</translation>
    </message>
    <message>
        <source>Perhaps it was printed, perhaps not</source>
        <translation>Peut-être imprimé, peut-être pas</translation>
    </message>
    <message>
        <source>The printer forgot the job, for instance because it was switched off.</source>
        <translation>L’imprimante a oublié la tâche, par exemple parce qu’elle a été éteinte.</translation>
    </message>
    <message>
        <source>Look into the output tray. It is not printed twice by itself.</source>
        <translation>Regardez dans le bac de sortie. Rien n’est imprimé deux fois tout seul.</translation>
    </message>
    <message>
        <source>The printer gave up</source>
        <translation>L’imprimante a abandonné</translation>
    </message>
    <message>
        <source>Often it is a document that it cannot read.</source>
        <translation>Souvent, c’est un document qu’elle ne sait pas lire.</translation>
    </message>
    <message>
        <source>Try again, or save it again as PDF and print that.</source>
        <translation>Réessayez, ou enregistrez-le à nouveau en PDF et imprimez ce dernier.</translation>
    </message>
    <message>
        <source>Cancelled at the printer</source>
        <translation>Annulé à l’imprimante</translation>
    </message>
    <message>
        <source>Somebody cancelled it at the printer&apos;s own display.</source>
        <translation>Quelqu’un l’a annulé sur l’écran de l’imprimante.</translation>
    </message>
    <message>
        <source>Print it again.</source>
        <translation>Imprimez-le à nouveau.</translation>
    </message>
    <message>
        <source>The printer cannot do that</source>
        <translation>L’imprimante ne sait pas le faire</translation>
    </message>
    <message>
        <source>It does not have these settings.</source>
        <translation>Ces réglages n’existent pas sur cet appareil.</translation>
    </message>
    <message>
        <source>A scanned page was damaged</source>
        <translation>Une page numérisée a été endommagée</translation>
    </message>
    <message>
        <source>Its file changed on this device&apos;s disk.</source>
        <translation>Son fichier a changé sur le disque de cet appareil.</translation>
    </message>
    <message>
        <source>Scan again. If it stays, tell your administrator.</source>
        <translation>Numérisez à nouveau. Si cela persiste, prévenez votre administrateur.</translation>
    </message>
    <message>
        <source>The scanner cannot do that</source>
        <translation>Le scanner ne sait pas le faire</translation>
    </message>
    <message>
        <source>The scan was interrupted</source>
        <translation>La numérisation a été interrompue</translation>
    </message>
    <message>
        <source>It was stopped, or this device started again, in the middle of a page.</source>
        <translation>Elle a été arrêtée, ou cet appareil a redémarré, au milieu d’une page.</translation>
    </message>
    <message>
        <source>Try again to go on with the scan.</source>
        <translation>Réessayez pour continuer la numérisation.</translation>
    </message>
    <message>
        <source>This device cannot open what it stored</source>
        <translation>Cet appareil ne peut pas ouvrir ce qu’il a conservé</translation>
    </message>
    <message>
        <source>Its key is another one now.</source>
        <translation>Sa clé n’est plus la même.</translation>
    </message>
    <message>
        <source>Its disk lost something.</source>
        <translation>Son disque a perdu des données.</translation>
    </message>
    <message>
        <source>Panel and service do not fit together</source>
        <translation>L’écran et le service ne vont pas ensemble</translation>
    </message>
    <message>
        <source>They are of different versions.</source>
        <translation>Ils sont de versions différentes.</translation>
    </message>
    <message>
        <source>The answer of the sign-in page made no sense</source>
        <translation>La réponse de la page de connexion est incompréhensible</translation>
    </message>
    <message>
        <source>Choose another cloud, or ask your administrator.</source>
        <translation>Choisissez un autre cloud, ou demandez à votre administrateur.</translation>
    </message>
    <message>
        <source>What this device stored is damaged</source>
        <translation>Ce que cet appareil a conservé est endommagé</translation>
    </message>
    <message>
        <source>one side</source>
        <translation>recto</translation>
    </message>
    <message>
        <source>both sides</source>
        <translation>recto verso</translation>
    </message>
    <message>
        <source>both sides by the short edge</source>
        <translation>recto verso par le bord court</translation>
    </message>
    <message>
        <source>in colour</source>
        <translation>en couleur</translation>
    </message>
    <message>
        <source>in black and white</source>
        <translation>en noir et blanc</translation>
    </message>
    <message>
        <source>in grey</source>
        <translation>en gris</translation>
    </message>
    <message>
        <source>%1 dpi</source>
        <extracomment>Dots per inch</extracomment>
        <translation>%1 ppp</translation>
    </message>
</context>
</TS>
