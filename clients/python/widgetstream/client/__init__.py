"""The clients. Use the names that the package ``widgetstream`` exports."""
