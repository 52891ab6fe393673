"""The same sweep with optax (jit, vmap, scan)."""

import jax
import jax.numpy as jnp
import numpy as np
import optax

jax.config.update("jax_enable_x64", True)


def rosenbrock(params):
    x, y = params
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def one_rate(lr):
    rule = optax.adam(lr)
    start = jnp.array([-1.2, 1.0])

    def look(params):
        loss, grad = jax.value_and_grad(rosenbrock)(params)
        return grad, (params, loss, jnp.sqrt(jnp.sum(grad * grad)))

    def step(carry, _):
        params, state = carry
        grad, row = look(params)
        updates, state = rule.update(grad, state)
        return (optax.apply_updates(params, updates), state), row

    (last, _), rows = jax.lax.scan(step, (start, rule.init(start)), None, length=1000)
    rows = jax.tree.map(lambda kept, end: jnp.concatenate([kept, end[None]]), rows, look(last)[1])
    return *rows, jnp.broadcast_to(lr, 1000)


compiled = jax.jit(jax.vmap(one_rate, out_axes=1))


def sweep(rates):
    """path (1001, B, 2), loss and gradient norm (1001, B), rates (1000, B)."""
    return tuple(np.asarray(kept) for kept in compiled(rates))
