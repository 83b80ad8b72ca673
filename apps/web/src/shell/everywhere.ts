// What pages are made of, loaded with the frame around them: else each part of a page that comes later would bring its own copy.
import './app-shell.tsx';
import '../ui/dialog.tsx';
import '../ui/error-state.tsx';
import '../ui/menu.tsx';
import '../ui/popover.tsx';
import '../ui/select.tsx';
