"""The door: ``flask run``, a WSGI server (``app:app``) and ``python app.py`` come in here."""

from icp import create_app, logs

logs.configure()
app = create_app()

if __name__ == "__main__":
    app.run()
