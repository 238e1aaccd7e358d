namespace Reactor.Http;

/// <summary>
/// Answers a request (aiohttp: a request handler). Called on the loop thread, in the task of the
/// request's connection; what it throws is answered as <see cref="HttpException"/> describes.
/// </summary>
/// <param name="request">The request, valid until its response is sent.</param>
public delegate Coroutine<Response> Handler(Request request);
