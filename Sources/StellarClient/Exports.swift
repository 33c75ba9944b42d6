// Its JSON is part of this module's API.
@_exported public import JSON
